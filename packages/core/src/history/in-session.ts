// The default history: the turns live in `session.state`, so a serialized session carries its conversation.

import * as json from '../checked/json.ts';
import { corrupt, storedTurn } from '../checked/stored-message.ts';
import type { Message } from '../message/message.ts';
import type { AgentSession } from '../session/session.ts';
import { type HistoryProvider, historyConflict, lastTurnsOf } from './provider.ts';

const KEY = 'history';
type Turns = readonly (readonly Message[])[];

/** Keeps the conversation in the session itself. Takes an `AgentSession`, not a mere key. */
export class InSessionHistory implements HistoryProvider {
  async load(
    session: AgentSession,
    options: { readonly lastTurns?: number } = {},
  ): Promise<{ messages: readonly Message[]; version: number }> {
    const turns = turnsOf(session);
    // Not `flat()`, which takes three times as long, in every turn of a conversation that may be long.
    const messages: Message[] = [];
    for (const turn of lastTurnsOf(turns, options.lastTurns)) for (const message of turn) messages.push(message);
    return { messages, version: turns.length };
  }

  async append(session: AgentSession, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const turns = turnsOf(session);
    if (turns.length !== version) throw historyConflict(session.sessionId, turns.length, version);
    // A list of exactly this length: `push` and `[...turns, turn]` reserve room for 16 more in every session.
    const next = turns.concat([turn]);
    session.state[KEY] = { turns: Object.freeze(next) };
    return { version: next.length };
  }

  async clear(session: AgentSession): Promise<void> {
    delete session.state[KEY];
  }
}

/** True when the session carries turns of its own. */
export function hasInSessionHistory(session: AgentSession): boolean {
  return Object.hasOwn(session.state, KEY);
}

const historyState = json.object({ turns: json.listOf(storedTurn) });

function turnsOf(session: AgentSession): Turns {
  if (!hasInSessionHistory(session)) return [];
  const stored = session.state[KEY];
  // A frozen list was written or checked here: each is checked once and not on every turn. A set of those that were
  // would cost every idle session some 30 bytes.
  if (hasFrozenTurns(stored)) return stored.turns;
  const { turns } = json.read(stored, historyState, corrupt, 'state.history');
  return Object.freeze(turns);
}

function hasFrozenTurns(stored: unknown): stored is { readonly turns: Turns } {
  if (typeof stored !== 'object' || stored === null || !('turns' in stored)) return false;
  return Array.isArray(stored.turns) && Object.isFrozen(stored.turns);
}
