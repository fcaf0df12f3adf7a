// Build: your own history.
import type { HistoryProvider, LoadedHistory, Message } from '@turnstream/core';
import { loadedHistory, removesTurns, type SessionKey } from '@turnstream/core/seams';

interface Page {
  readonly turns: readonly (readonly Message[])[];
  /** How often the page was changed. */
  readonly version: number;
}

export class Notebook implements HistoryProvider {
  readonly #pages = new Map<string, Page>();

  async load({ sessionId }: SessionKey): Promise<LoadedHistory> {
    const { turns } = this.#page(sessionId);
    return loadedHistory(turns, { turnCount: turns.length, version: turns.length }); // TODO: lastTurns, the version
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[]): Promise<{ version: number }> {
    const version = 1; // TODO: add the turn to the page, if it is still at the version that was read
    this.#pages.set(sessionId, { turns: [turn], version });
    return { version };
  }

  async truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    const page = this.#page(session.sessionId);
    const stored = { turnCount: page.turns.length, version: page.version };
    if (!removesTurns(session, { turnCount, version }, stored)) return { version };
    this.#pages.set(session.sessionId, { turns: page.turns.slice(0, turnCount), version: version + 1 });
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    this.#pages.delete(sessionId);
  }

  #page(sessionId: string): Page {
    return this.#pages.get(sessionId) ?? { turns: [], version: 0 };
  }
}
