// The history that chats are answered on: a turn is appended after those of background runs that ended meanwhile.
import { AgentError, type LoadedHistory, type Message } from '@turnstream/core';
import { aheadOf, type LoadOptions, type SessionKey } from '@turnstream/core/seams';
import { HistoryOver } from '../store/history-over.ts';

/** Runs that end one after another, each just before the turn, are not chance from here on. */
const MAX_TRIES = 5;

export class RebasingHistory extends HistoryOver {
  /** How far the version was ahead of the number of turns when a chat read them: a truncate increases it. */
  readonly #ahead = new WeakMap<SessionKey, number>();

  override async load(session: SessionKey, options?: LoadOptions): Promise<LoadedHistory> {
    const loaded = await super.load(session, options);
    this.#ahead.set(session, aheadOf(loaded));
    return loaded;
  }

  /** Another chat that was stored first is a `history_conflict` as usual: the two would not know about each other. */
  override async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    for (let tries = 1, expected = version; ; tries += 1) {
      try {
        return await super.append(session, turn, expected);
      } catch (error) {
        if (!(error instanceof AgentError) || error.code !== 'history_conflict' || tries === MAX_TRIES) throw error;
        const stored = await this.#rebased(session, version);
        if (stored === null) throw error;
        expected = stored;
      }
    }
  }

  /** The current version, if every turn since `version` is that of a background run: one message of it has a run id. */
  async #rebased(session: SessionKey, version: number): Promise<number | null> {
    const stored = await this.stored.load(session, { lastTurns: 0 });
    if (stored.version <= version || aheadOf(stored) !== (this.#ahead.get(session) ?? 0)) return null;
    const added = await this.stored.load(session, { lastTurns: stored.version - version });
    const areOfRuns = added.turns.every((turn) => turn.some(({ runId }) => runId !== undefined));
    return added.version === stored.version && areOfRuns ? stored.version : null;
  }
}
