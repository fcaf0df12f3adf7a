// Time that passes only while a test waits for something. For `vi.useFakeTimers()`.
import { vi } from 'vitest';

/** The clocks move on, a second at a time, until the promise is settled. */
export async function asTimePasses<T>(promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  const end = (): void => over.abort();
  promise.then(end, end);
  while (!over.signal.aborted) await vi.advanceTimersByTimeAsync(1_000);
  return promise;
}
