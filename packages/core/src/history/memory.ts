// A history in this process's memory, by session id: for tests, and for servers that may forget.

import { storableTurn } from '../checked/stored-message.ts';
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { type SessionKey } from '../session/session.ts';
import {
  type HistoryProvider,
  historyConflict,
  type LoadedHistory,
  type LoadOptions,
  lastTurnsOf,
  loadedHistory,
  removesTurns,
} from './provider.ts';

export interface MemoryHistoryOptions {
  /** The maximum number of conversations, 10,000 by default. Beyond it, the one that was idle longest is dropped. */
  readonly maxSessions?: number | undefined;
}

/**
 * Keeps turns in a map; they are gone when the process ends.
 *
 * @example
 * ```ts source="../../../samples/src/examples.ts#withRecentTurns"
 * export function withRecentTurns(client: ChatClient): Agent {
 *   return new Agent({ client, history: { provider: new MemoryHistory(), lastTurns: 20 } });
 * }
 * ```
 */
export class MemoryHistory implements HistoryProvider {
  /** In order of use: the first key is the session that was idle longest. */
  readonly #sessions = new Map<string, readonly (readonly Message[])[]>();
  /** For each rewound session, how far its version is ahead of its number of turns. */
  readonly #ahead = new Map<string, number>();
  readonly #maxSessions: number;

  constructor({ maxSessions = 10_000 }: MemoryHistoryOptions = {}) {
    if (!Number.isSafeInteger(maxSessions) || maxSessions < 1)
      throw new AgentError('config_invalid', `maxSessions is ${maxSessions}; it must be a whole number of at least 1.`);
    this.#maxSessions = maxSessions;
  }

  async load({ sessionId }: SessionKey, options: LoadOptions = {}): Promise<LoadedHistory> {
    const { turns, version } = this.#stored(sessionId);
    const loaded = loadedHistory(lastTurnsOf(turns, options.lastTurns), { turnCount: turns.length, version });
    if (version > 0) this.#use(sessionId, turns);
    return loaded;
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const stored = storableTurn(turn);
    const { turns, version: current } = this.#stored(sessionId);
    if (current !== version) throw historyConflict(sessionId, current, version);
    this.#use(sessionId, Object.freeze([...turns, stored]));
    for (const idle of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#maxSessions) break;
      this.#forget(idle);
    }
    return { version: version + 1 };
  }

  async truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    const { sessionId } = session;
    const { turns, version: current } = this.#stored(sessionId);
    const stored = { turnCount: turns.length, version: current };
    if (!removesTurns(session, { turnCount, version }, stored)) return { version };
    this.#use(sessionId, Object.freeze(turns.slice(0, turnCount)));
    this.#ahead.set(sessionId, version + 1 - turnCount);
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    this.#forget(sessionId);
  }

  #stored(sessionId: string): { readonly turns: readonly (readonly Message[])[]; readonly version: number } {
    const turns = this.#sessions.get(sessionId) ?? [];
    return { turns, version: turns.length + (this.#ahead.get(sessionId) ?? 0) };
  }

  #use(sessionId: string, turns: readonly (readonly Message[])[]): void {
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, turns);
  }

  #forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
    this.#ahead.delete(sessionId);
  }
}
