// A history in this process's memory, by session id: for tests, and for servers that may forget.

import { storableTurn } from '../checked/stored-message.ts';
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { type SessionKey } from '../session/session.ts';
import { type HistoryProvider, historyConflict, lastTurnsOf } from './provider.ts';

export interface MemoryHistoryOptions {
  /** How many conversations are kept, 10,000 when left out. One more, and the one that was idle longest is forgotten. */
  readonly maxSessions?: number;
}

/** Keeps turns in a map; they are gone when the process ends. */
export class MemoryHistory implements HistoryProvider {
  /** In order of use: the first key is the session that was idle longest. */
  readonly #sessions = new Map<string, readonly (readonly Message[])[]>();
  readonly #maxSessions: number;

  constructor({ maxSessions = 10_000 }: MemoryHistoryOptions = {}) {
    if (!Number.isSafeInteger(maxSessions) || maxSessions < 1)
      throw new AgentError('config_invalid', `maxSessions is ${maxSessions}; it must be a whole number of at least 1.`);
    this.#maxSessions = maxSessions;
  }

  async load(
    session: SessionKey,
    options: { readonly lastTurns?: number } = {},
  ): Promise<{ messages: readonly Message[]; version: number }> {
    const turns = this.#sessions.get(session.sessionId) ?? [];
    const messages = lastTurnsOf(turns, options.lastTurns).flat();
    if (turns.length > 0) this.#use(session.sessionId, turns);
    return { messages, version: turns.length };
  }

  async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const stored = storableTurn(turn);
    const turns = this.#sessions.get(session.sessionId) ?? [];
    if (turns.length !== version) throw historyConflict(session.sessionId, turns.length, version);
    this.#use(session.sessionId, [...turns, stored]);
    for (const idle of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#maxSessions) break;
      this.#sessions.delete(idle);
    }
    return { version: turns.length + 1 };
  }

  async clear(session: SessionKey): Promise<void> {
    this.#sessions.delete(session.sessionId);
  }

  #use(sessionId: string, turns: readonly (readonly Message[])[]): void {
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, turns);
  }
}
