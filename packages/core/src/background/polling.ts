// The one loop that asks a service for the state of a run: poll, count failures, pause, until a condition holds.
import { backoffMs } from '../backoff.ts';
import { isTransient } from '../errors.ts';
import { sleep, unlessAborted } from '../timers.ts';

/** Polling more often than this only costs requests. */
const MIN_POLL_MS = 250;
/** The end of long work is noticed within this time, unless the caller began with a longer pause. */
const LONGEST_POLL_MS = 10_000;
const GROWTH = 1.5;
const FAILURES_IN_A_ROW = 5;

/** What is polled. */
export interface Polled {
  /** One poll. Rejects when the poll itself failed. */
  look(): Promise<void>;
  /** How long the service asked to wait before the next poll, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;
}

export interface Polling {
  /** Ends the polling, a poll that hangs included, with its own reason. */
  readonly signal: AbortSignal;
  readonly pollMs?: number | undefined;
  readonly onPoll?: (() => void | Promise<void>) | undefined;
  readonly news?: ((timeoutMs: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Polls at least once. Passes over transient failures, but for five in a row. */
export async function pollUntil(
  isOver: () => boolean,
  polled: Polled,
  { signal, pollMs = 1_000, onPoll, news = sleep }: Polling,
): Promise<void> {
  const firstMs = pollMs >= MIN_POLL_MS ? pollMs : MIN_POLL_MS;
  const pace = { firstMs, longestMs: Math.max(firstMs, LONGEST_POLL_MS), growth: GROWTH };
  let failures = 0;
  for (let pauses = 0; ; pauses += 1) {
    signal.throwIfAborted();
    let askedMs: number | null | undefined;
    try {
      await unlessAborted(polled.look(), signal);
      failures = 0;
      askedMs = polled.retryAfterMs;
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (!isTransient(error) || failures >= FAILURES_IN_A_ROW) throw error;
      askedMs = error.retryAfterMs;
    }
    if (failures === 0) {
      if (isOver()) return;
      await onPoll?.();
    }
    await news(backoffMs(pauses, pace, askedMs), signal);
  }
}
