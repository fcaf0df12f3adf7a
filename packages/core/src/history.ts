// Where a conversation is kept between runs: the seam, in whole turns.
import type { Message } from './message.ts';

/** What a history files a conversation under. An `AgentSession` is one. */
export interface SessionKey {
  readonly sessionId: string;
}

/**
 * Keeps the turns of conversations. A turn is one record: a question and everything until its answer.
 *
 * Implementations reject with `AgentError`: `history_conflict` when the version has moved, `history_corrupt` when what
 * is stored cannot be read. They never answer with an empty history instead.
 */
export interface HistoryProvider {
  /** The stored messages in order, all of them or those of the last turns, and the version they stand at (0 = none). */
  load(
    session: SessionKey,
    options?: { readonly lastTurns?: number },
  ): Promise<{ messages: readonly Message[]; version: number }>;
  /** Adds one whole turn, all or nothing, only if the history is still at `version`. */
  append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }>;
  /** Forgets the conversation. */
  clear(session: SessionKey): Promise<void>;
}
