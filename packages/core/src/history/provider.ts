// Where a conversation is kept between runs: the seam, in whole turns.
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { quotedId, type SessionKey } from '../session/session.ts';

/**
 * Keeps the turns of conversations. A turn is one record: a question and everything until its answer.
 *
 * Implementations reject with `AgentError`: `history_conflict` when the version has moved, `history_corrupt` when what
 * is stored cannot be read. They never answer with an empty history instead. An `input_invalid` comes before anything is
 * stored: for a turn that JSON cannot hold (`storableTurn`) and for `lastTurns` that is no count (`checkLastTurns`).
 */
export interface HistoryProvider {
  /**
   * The stored messages in order, all of them or those of the last turns, and the version they stand at: the number of
   * turns that are stored, however many were asked for.
   */
  load(
    session: SessionKey,
    options?: { readonly lastTurns?: number },
  ): Promise<{ messages: readonly Message[]; version: number }>;
  /** Adds one whole turn, all or nothing, only if the history is still at `version`. */
  append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }>;
  /** Forgets the conversation. */
  clear(session: SessionKey): Promise<void>;
}

/** Throws `input_invalid` unless it is a number of turns, 0 included, or left out, which means all of them. */
export function checkLastTurns(lastTurns: number | undefined): void {
  if (lastTurns === undefined || (Number.isSafeInteger(lastTurns) && lastTurns >= 0)) return;
  throw new AgentError('input_invalid', `lastTurns is ${String(lastTurns)}; it must be a whole number of at least 0.`);
}

/** The last turns of a list; all of them when `lastTurns` is left out. */
export function lastTurnsOf<T>(turns: readonly T[], lastTurns: number | undefined): readonly T[] {
  checkLastTurns(lastTurns);
  return lastTurns === undefined ? turns : turns.slice(Math.max(0, turns.length - lastTurns));
}

/** The error of an append to a history that has moved on. `stands` is the version it stands at; null when it is not known. */
export function historyConflict(sessionId: string, current: number | null, expected: number): AgentError {
  const moved = current === null ? `is no longer at turn ${expected}` : `is at turn ${current}, not ${expected}`;
  return new AgentError('history_conflict', `Session ${quotedId(sessionId)} ${moved}. Run the turn again.`);
}
