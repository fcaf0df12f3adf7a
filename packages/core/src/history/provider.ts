// Where a conversation is kept between runs: the seam, in whole turns.
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { quotedId, type SessionKey } from '../session/session.ts';

/** A history, or the last turns of it. */
export interface LoadedHistory {
  /** The messages in order. */
  readonly messages: readonly Message[];
  /** The same messages, turn by turn. */
  readonly turns: readonly (readonly Message[])[];
  /** How many turns are stored, even if fewer were requested. */
  readonly turnCount: number;
  /** How often the history was changed, by an append or a truncate. */
  readonly version: number;
}

/** Which turns a history loads. */
export interface LoadOptions {
  /** How many of the last turns to load; all of them when left out. */
  readonly lastTurns?: number | undefined;
}

/**
 * Stores the turns of conversations. A turn is one record: a question and everything up to its answer.
 *
 * The version counts changes and never repeats until the history is cleared, so a writer that loaded the history before
 * a change is refused, even if the number of turns is the same again. It equals the number of turns until some are
 * removed.
 *
 * Implementations reject with `AgentError`: `history_conflict` when the version has moved, `history_corrupt` when what
 * is stored cannot be read. They never answer with an empty history instead. They reject with `input_invalid` before
 * anything is stored: for a turn that JSON cannot hold (`storableTurn`), for `lastTurns` that is not a count
 * (`checkLastTurns`) and for a number of turns that cannot be kept (`removesTurns`). If `append` rejects with any other
 * error, the run rejects with `server_error`: its `cause` is that error, and its `partial` is the answer.
 */
export interface HistoryProvider {
  /** The stored turns in order, all of them or the last ones. */
  load(session: SessionKey, options?: LoadOptions): Promise<LoadedHistory>;
  /** Adds one whole turn, all or nothing, only if the history is still at `version`. */
  append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }>;
  /**
   * Keeps the first `turnCount` turns and removes the others, all or nothing, only if the history is still at `version`.
   * If there is nothing to remove, nothing changes, not even the version.
   */
  truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }>;
  /** Deletes the conversation. */
  clear(session: SessionKey): Promise<void>;
}

/** How far the version is ahead of the number of turns: only a truncate changes it. */
export function aheadOf({ version, turnCount }: Pick<LoadedHistory, 'turnCount' | 'version'>): number {
  return version - turnCount;
}

/** What `load` resolves with: all stored turns, or the last of them. */
export function loadedHistory(
  turns: readonly (readonly Message[])[],
  { turnCount, version }: Pick<LoadedHistory, 'turnCount' | 'version'>,
): LoadedHistory {
  // Not `flat()`: it takes three times as long, and this runs on every turn.
  const messages: Message[] = [];
  for (const turn of turns) for (const message of turn) messages.push(message);
  return { messages, turns, turnCount, version };
}

/** Throws `input_invalid` unless it is a number of turns, 0 included, or left out, which means all of them. */
export function checkLastTurns(lastTurns: number | undefined): void {
  if (lastTurns !== undefined) checkCount(lastTurns, 'lastTurns');
}

/** The last turns of a list; all of them when `lastTurns` is left out. */
export function lastTurnsOf<T>(turns: readonly T[], lastTurns: number | undefined): readonly T[] {
  checkLastTurns(lastTurns);
  return lastTurns === undefined ? turns : turns.slice(Math.max(0, turns.length - lastTurns));
}

/**
 * Whether a `truncate` has turns to remove. Throws `input_invalid` for a number of turns that is not a count or exceeds
 * what is stored, and `history_conflict` when the version has moved.
 */
export function removesTurns(
  { sessionId }: SessionKey,
  wanted: Pick<LoadedHistory, 'turnCount' | 'version'>,
  stored: Pick<LoadedHistory, 'turnCount' | 'version'>,
): boolean {
  checkCount(wanted.turnCount, 'turnCount');
  if (stored.version !== wanted.version) throw historyConflict(sessionId, stored.version, wanted.version);
  if (wanted.turnCount <= stored.turnCount) return wanted.turnCount < stored.turnCount;
  throw new AgentError(
    'input_invalid',
    `turnCount is ${wanted.turnCount}, but session ${quotedId(sessionId)} holds ${stored.turnCount} turns.`,
  );
}

/** The error for a change to a history that has moved on. `current` is its version now; null when unknown. */
export function historyConflict(sessionId: string, current: number | null, expected: number): AgentError {
  const moved = current === null ? `is no longer at version ${expected}` : `is at version ${current}, not ${expected}`;
  return new AgentError(
    'history_conflict',
    `Session ${quotedId(sessionId)} ${moved}: it was changed meanwhile. Try again.`,
  );
}

function checkCount(value: number, name: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new AgentError('input_invalid', `${name} is ${String(value)}; it must be a whole number of at least 0.`);
}
