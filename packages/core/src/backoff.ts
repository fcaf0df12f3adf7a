// How long to wait before the next try: longer each time, never all at the same moment, at least as long as asked.
import { MAX_TIMER_MS } from './timers.ts';

export interface Backoff {
  /** The first wait, in milliseconds. */
  readonly firstMs: number;
  /** Waits grow no further than this, in milliseconds. */
  readonly longestMs: number;
  /** How many times longer each wait is than the one before: 2 when left out. */
  readonly growth?: number;
}

const JITTER = 0.2;

/** The wait after so many earlier ones, in milliseconds; longer when the other side asked for longer. */
export function backoffMs(
  earlierWaits: number,
  { firstMs, longestMs, growth = 2 }: Backoff,
  askedMs?: number | null,
): number {
  return jittered(Math.max(Math.min(firstMs * growth ** earlierWaits, longestMs), askedMs ?? 0));
}

/** The time and up to a fifth more, so that what failed together does not come back together; no more than a timer holds. */
export function jittered(ms: number): number {
  return Math.min(Math.round(ms * (1 + JITTER * Math.random())), MAX_TIMER_MS);
}
