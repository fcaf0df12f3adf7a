// The default history: the turns live in `session.state`, so a serialized session carries its conversation.

import * as json from '../checked/json.ts';
import { corrupt, storedTurn } from '../checked/stored-message.ts';
import type { Message } from '../message/message.ts';
import type { AgentSession } from '../session/session.ts';
import {
  type HistoryProvider,
  historyConflict,
  type LoadedHistory,
  type LoadOptions,
  lastTurnsOf,
  loadedHistory,
  removesTurns,
} from './provider.ts';

const KEY = 'history';

interface HistoryState {
  readonly turns: readonly (readonly Message[])[];
  /** How far the version is ahead of the number of turns. Defaults to 0; a session that was never rewound omits it. */
  readonly ahead?: number | undefined;
}

/** Keeps the conversation in the session itself. Takes an `AgentSession`, not a mere key. */
export class InSessionHistory implements HistoryProvider {
  async load(session: AgentSession, options: LoadOptions = {}): Promise<LoadedHistory> {
    const { turns, ahead } = stateOf(session);
    return loadedHistory(lastTurnsOf(turns, options.lastTurns), countsOf({ turns, ahead }));
  }

  async append(session: AgentSession, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const { turns, ahead } = stateOf(session);
    const stored = countsOf({ turns, ahead });
    if (stored.version !== version) throw historyConflict(session.sessionId, stored.version, version);
    // A list of exactly this length: `push` and `[...turns, turn]` reserve room for 16 more in every session.
    const next = Object.freeze(turns.concat([turn]));
    session.state[KEY] = ahead === undefined ? { turns: next } : { turns: next, ahead };
    return { version: version + 1 };
  }

  async truncate(session: AgentSession, turnCount: number, version: number): Promise<{ version: number }> {
    const stored = stateOf(session);
    if (!removesTurns(session, { turnCount, version }, countsOf(stored))) return { version };
    const turns = Object.freeze(stored.turns.slice(0, turnCount));
    session.state[KEY] = { turns, ahead: version + 1 - turnCount };
    return { version: version + 1 };
  }

  async clear(session: AgentSession): Promise<void> {
    delete session.state[KEY];
  }
}

/** True when the session carries turns of its own. */
export function hasInSessionHistory(session: AgentSession): boolean {
  return Object.hasOwn(session.state, KEY);
}

const historyState = json.object<HistoryState>({
  turns: json.listOf(storedTurn),
  ahead: json.optional(json.count),
});

function stateOf(session: AgentSession): HistoryState {
  if (!hasInSessionHistory(session)) return { turns: [] };
  const stored = session.state[KEY];
  // A frozen list was written or checked here: each is checked once and not on every turn. A set of those that were
  // would cost every idle session some 30 bytes.
  if (hasFrozenTurns(stored)) return stored;
  const state = json.read(stored, historyState, corrupt, 'state.history');
  Object.freeze(state.turns);
  return state;
}

function countsOf({ turns, ahead = 0 }: HistoryState): Pick<LoadedHistory, 'turnCount' | 'version'> {
  return { turnCount: turns.length, version: turns.length + ahead };
}

function hasFrozenTurns(stored: unknown): stored is HistoryState {
  if (typeof stored !== 'object' || stored === null || !('turns' in stored)) return false;
  return Array.isArray(stored.turns) && Object.isFrozen(stored.turns);
}
