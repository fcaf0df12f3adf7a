// How long to wait between two looks: longer while nothing changes, never all at the same moment, as told by the service.

import { MAX_TIMER_MS } from '../timers.ts';

/** A look more often than this only costs requests. */
export const MIN_POLL_MS = 250;
/** Long work is not noticed later than this. */
const MAX_POLL_MS = 10_000;
const GROWTH = 1.5;
/** Waits differ by up to a fifth, so that runs started together do not look together. */
const JITTER = 0.2;

/** The wait before the nth look (from 0), in milliseconds; at least what the service asked for. */
export function pollDelayMs(pollMs: number, looks: number, retryAfterMs: number | null): number {
  const grown = Math.min(Math.max(pollMs, MIN_POLL_MS) * GROWTH ** looks, MAX_POLL_MS);
  const spread = grown * (1 - JITTER + 2 * JITTER * Math.random());
  return Math.min(Math.max(spread, MIN_POLL_MS, retryAfterMs ?? 0), MAX_TIMER_MS);
}
