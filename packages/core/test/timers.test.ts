// What a signal ends: a sleep, and the wait for a promise.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sleep, unlessAborted } from '../src/timers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a sleep resolves after its time and leaves no listener', async () => {
  const { signal } = new AbortController();
  const remove = vi.spyOn(signal, 'removeEventListener');
  const slept = vi.fn();
  void sleep(1_000, signal).then(slept);

  await vi.advanceTimersByTimeAsync(999);
  const before = slept.mock.calls.length;
  await vi.advanceTimersByTimeAsync(1);

  expect([before, slept.mock.calls.length]).toEqual([0, 1]);
  expect(remove.mock.calls).toEqual([['abort', expect.any(Function)]]);
});

test.each([
  ['before it began', 0],
  ['in the middle', 500],
])('a signal that is aborted %s ends a sleep with its reason and leaves no timer', async (_when, afterMs) => {
  const stop = new AbortController();
  const reason = new Error('enough');
  if (afterMs === 0) stop.abort(reason);
  const sleeping = sleep(1_000, stop.signal);
  sleeping.catch(() => {});

  await vi.advanceTimersByTimeAsync(afterMs);
  stop.abort(reason);

  await expect(sleeping).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});

test('a sleep that no timer holds does not end at once', async () => {
  const slept = vi.fn();
  void sleep(1e13).then(slept);

  await vi.advanceTimersByTimeAsync(60_000);

  expect(slept).not.toHaveBeenCalled();
});

test('a promise under a signal settles as it does, and leaves no listener', async () => {
  const { signal } = new AbortController();
  const remove = vi.spyOn(signal, 'removeEventListener');
  const failure = new Error('no');

  const settled = await Promise.allSettled([
    unlessAborted(Promise.resolve(1), signal),
    unlessAborted(Promise.reject(failure), signal),
    unlessAborted(Promise.resolve(2), undefined),
  ]);

  expect(settled).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: failure },
    { status: 'fulfilled', value: 2 },
  ]);
  expect(remove.mock.calls.map(([event]) => event)).toEqual(['abort', 'abort']);
});

test.each(['before', 'after'])(
  'an abort %s the wait began is what a promise under a signal rejects with',
  async (when) => {
    const stop = new AbortController();
    const reason = new Error('enough');
    if (when === 'before') stop.abort(reason);

    const waiting = unlessAborted(Promise.withResolvers<never>().promise, stop.signal);
    stop.abort(reason);

    await expect(waiting).rejects.toBe(reason);
  },
);
