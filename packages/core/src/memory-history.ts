// A history in this process's memory, by session id: for tests, and for servers that may forget.
import { AgentError } from './errors.ts';
import type { HistoryProvider, SessionKey } from './history.ts';
import type { Message } from './message.ts';

/** Keeps turns in a map; they are gone when the process ends. */
export class MemoryHistory implements HistoryProvider {
  readonly #sessions = new Map<string, readonly (readonly Message[])[]>();

  async load(
    session: SessionKey,
    options: { readonly lastTurns?: number } = {},
  ): Promise<{ messages: readonly Message[]; version: number }> {
    const turns = this.#sessions.get(session.sessionId) ?? [];
    const last = options.lastTurns === undefined ? turns : turns.slice(Math.max(0, turns.length - options.lastTurns));
    return { messages: last.flat(), version: turns.length };
  }

  async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const turns = this.#sessions.get(session.sessionId) ?? [];
    if (turns.length !== version) {
      throw new AgentError(
        'history_conflict',
        `Session ${JSON.stringify(session.sessionId)} stands at turn ${turns.length}, not ${version}. Run the turn again.`,
      );
    }
    this.#sessions.set(session.sessionId, [...turns, structuredClone(turn)]);
    return { version: turns.length + 1 };
  }

  async clear(session: SessionKey): Promise<void> {
    this.#sessions.delete(session.sessionId);
  }
}
