// What a turn changes in the state of its session, where tools, summaries and middleware keep what the next turn needs. The
// changes are stored with the turn.
import { AgentSession } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';

/** Changed members of the state by their names; undefined for one that was removed. */
export type StateChange = Readonly<Record<string, unknown>>;

export class StateChanges {
  readonly #loaded = new WeakMap<SessionKey, StateChange>();

  /** Starts to track a session object. Later calls for the same object do nothing. */
  watch(session: SessionKey): void {
    if (session instanceof AgentSession && !this.#loaded.has(session))
      this.#loaded.set(session, session.toJSON().state);
  }

  /** Throws `session_invalid` for a state that JSON cannot hold. */
  of(session: SessionKey): StateChange {
    const before = this.#loaded.get(session);
    if (before === undefined || !(session instanceof AgentSession)) return {};
    const { state } = session.toJSON();
    const names = Object.keys({ ...before, ...state });
    const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(state[name]));
    return Object.fromEntries(changed.map((name) => [name, state[name]]));
  }
}

/** Other members stay as they are: another turn may have changed them. */
export function changeState({ state }: AgentSession, change: StateChange): void {
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete state[name];
    else state[name] = value;
  }
}
