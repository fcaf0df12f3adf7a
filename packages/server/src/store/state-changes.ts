// What a turn changes in the state of its session, where tools, summaries and middleware keep what the next turn needs. The
// changes are stored with the turn.
import { AgentSession } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';

/** Changed members of the state by their names; undefined for one that was removed. */
export type StateChange = Readonly<Record<string, unknown>>;

/** Where it is noted that a member was left out. */
export interface StateLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export class StateChanges {
  readonly #log: StateLog;
  /** The members as JSON text: the cheapest copy of a long conversation, and the cheapest to compare. */
  readonly #loaded = new WeakMap<SessionKey, ReadonlyMap<string, string | null>>();

  constructor(log: StateLog) {
    this.#log = log;
  }

  /** Starts to track a session object. Later calls for the same object do nothing. */
  watch(session: SessionKey): void {
    if (session instanceof AgentSession && !this.#loaded.has(session)) this.#loaded.set(session, textsOf(session));
  }

  /** A member that JSON cannot hold is left out, so that the turn can be stored; the log says which one. */
  of(session: SessionKey): StateChange {
    const before = this.#loaded.get(session);
    if (before === undefined || !(session instanceof AgentSession)) return {};
    const now = textsOf(session);
    const removed = [...before.keys()].filter((name) => !now.has(name)).map((name) => [name, undefined] as const);
    const changed = [...now].filter(([name, text]) => text === null || text !== before.get(name));
    return Object.fromEntries([...removed, ...changed.flatMap(([name]) => this.#storable(session, name))]);
  }

  #storable({ sessionId, state }: AgentSession, name: string): readonly (readonly [string, unknown])[] {
    const only = new AgentSession({ sessionId });
    changeState(only, Object.fromEntries([[name, state[name]]]));
    try {
      return Object.entries(only.toJSON().state);
    } catch (err) {
      this.#log.warn({ sessionId, err }, 'a member of session.state is not stored');
      return [];
    }
  }
}

/** Other members stay as they are: another turn may have changed them. */
export function changeState({ state }: AgentSession, change: StateChange): void {
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete state[name];
    // Assigning a member named `__proto__` would set the prototype.
    else Object.defineProperty(state, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** Null for what has no JSON text, such as a function or a value that contains itself. */
function textsOf({ state }: AgentSession): Map<string, string | null> {
  const members = Object.entries(state).filter(([, value]) => value !== undefined);
  return new Map(members.map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}
