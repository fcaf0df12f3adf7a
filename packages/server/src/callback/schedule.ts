// When a callback is tried again, and when it is given up.
import { jittered } from '@turnstream/core/seams';

/** What came of one try. */
export interface CallbackOutcome {
  /**
   * The HTTP status of the answer, or why there was none: the URL or what its name resolves to is not public, 15 seconds
   * were over, or the connection failed.
   */
  readonly status: number | 'refused' | 'timeout' | 'unreachable';
  /** The wait that the receiver asked for, in milliseconds; null for none. */
  readonly retryAfterMs: number | null;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** After the first try, the second and so on: the example of Standard Webhooks 1.0.0, ten tries in a little over three days. */
const WAITS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Any 2xx. */
export function isDelivered({ status }: CallbackOutcome): boolean {
  return typeof status === 'number' && status >= 200 && status <= 299;
}

/**
 * The wait after try number `attempt` (from 1), in milliseconds; null when there are no more attempts: it was delivered,
 * the receiver is gone (410), or it was the tenth. A wait that comes with 429 or 503 counts up to a day.
 */
export function nextTry(attempt: number, outcome: CallbackOutcome): number | null {
  const waitMs = WAITS_MS[attempt - 1];
  if (waitMs === undefined || isDelivered(outcome) || outcome.status === 410) return null;
  const isBusy = outcome.status === 429 || outcome.status === 503;
  const askedMs = isBusy ? Math.min(outcome.retryAfterMs ?? 0, DAY_MS) : 0;
  return jittered(Math.max(waitMs, askedMs));
}
