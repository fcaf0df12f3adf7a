// How long to wait between two looks: longer while nothing changes, never all at the same moment, as told by the service.

import { MAX_TIMER_MS } from '../run/limits.ts';

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

/** Resolves after the time; rejects with the signal's reason when that is aborted first. Leaves no timer and no listener. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The promise, or the signal's reason when that comes first. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
