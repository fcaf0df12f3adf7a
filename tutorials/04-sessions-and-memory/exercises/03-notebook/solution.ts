// The version is compared and the page replaced in one step: there is no `await` in between.
import type { HistoryProvider, LoadedHistory, Message } from '@turnstream/core';
import { historyConflict, lastTurnsOf, loadedHistory, removesTurns, type SessionKey } from '@turnstream/core/seams';

interface Page {
  readonly turns: readonly (readonly Message[])[];
  /** How often the page was changed. */
  readonly version: number;
}

export class Notebook implements HistoryProvider {
  readonly #pages = new Map<string, Page>();

  async load({ sessionId }: SessionKey, options: { readonly lastTurns?: number } = {}): Promise<LoadedHistory> {
    const { turns, version } = this.#page(sessionId);
    return loadedHistory(lastTurnsOf(turns, options.lastTurns), { turnCount: turns.length, version });
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const page = this.#page(sessionId);
    if (page.version !== version) throw historyConflict(sessionId, page.version, version);
    this.#pages.set(sessionId, { turns: [...page.turns, turn], version: version + 1 });
    return { version: version + 1 };
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
