// The history of one background run: reads what is stored, and keeps back the turn, which is stored with the run's end.
import type { HistoryProvider, Message } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';

export class StagedHistory implements HistoryProvider {
  /** What the run leaves; null until it has left something. */
  turn: readonly Message[] | null = null;
  readonly #stored: HistoryProvider;

  constructor(stored: HistoryProvider) {
    this.#stored = stored;
  }

  load(
    session: SessionKey,
    options?: { readonly lastTurns?: number },
  ): Promise<{ messages: readonly Message[]; version: number }> {
    return this.#stored.load(session, options);
  }

  /** The version does not count: the turn goes behind whatever is stored by then. */
  async append(_session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    this.turn = turn;
    return { version: version + 1 };
  }

  clear(session: SessionKey): Promise<void> {
    return this.#stored.clear(session);
  }
}
