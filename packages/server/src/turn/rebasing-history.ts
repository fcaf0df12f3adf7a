// The history that chats are answered on: a turn goes behind those of background runs that have ended meanwhile.
import { AgentError, type HistoryProvider, type Message } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';

/** Runs that end one after another, each just before the turn, are not chance from here on. */
const MAX_TRIES = 5;

export class RebasingHistory implements HistoryProvider {
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

  /** Another chat that was quicker is a `history_conflict` as ever: the two would not know of each other. */
  async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    for (let tries = 1, behind = version; ; tries += 1) {
      try {
        return await this.#stored.append(session, turn, behind);
      } catch (error) {
        if (!(error instanceof AgentError) || error.code !== 'history_conflict' || tries === MAX_TRIES) throw error;
        const stored = await this.#rebased(session, version);
        if (stored === null) throw error;
        behind = stored;
      }
    }
  }

  clear(session: SessionKey): Promise<void> {
    return this.#stored.clear(session);
  }

  /** Where the history stands when all its turns from `version` on are those of runs, of which each has one message's id. */
  async #rebased(session: SessionKey, version: number): Promise<number | null> {
    const { version: stored } = await this.#stored.load(session, { lastTurns: 0 });
    if (stored <= version) return null;
    const added = await this.#stored.load(session, { lastTurns: stored - version });
    const ofRuns = added.messages.filter(({ runId }) => runId !== undefined).length;
    return added.version === stored && ofRuns === stored - version ? stored : null;
  }
}
