// A history that delegates to another one, except for what a subclass overrides.
import type { HistoryProvider, LoadedHistory, Message } from '@turnstream/core';
import type { LoadOptions, SessionKey } from '@turnstream/core/seams';

export class HistoryOver implements HistoryProvider {
  protected readonly stored: HistoryProvider;

  constructor(stored: HistoryProvider) {
    this.stored = stored;
  }

  load(session: SessionKey, options?: LoadOptions): Promise<LoadedHistory> {
    return this.stored.load(session, options);
  }

  append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    return this.stored.append(session, turn, version);
  }

  truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    return this.stored.truncate(session, turnCount, version);
  }

  clear(session: SessionKey): Promise<void> {
    return this.stored.clear(session);
  }
}
