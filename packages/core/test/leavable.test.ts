// A generator that is left while it waits.
import { expect, test, vi } from 'vitest';
import { leavable } from '../src/leavable.ts';

test('a generator that is left while it waits does not block its reader', async () => {
  const news = Promise.withResolvers<string>();
  const closed = vi.fn();
  const read = async function* read(): AsyncGenerator<string, undefined> {
    try {
      yield await news.promise;
    } finally {
      closed();
    }
  };
  const generator = leavable(read(), () => news.reject(new Error('left')));
  const pull = generator.next();
  pull.catch(() => {});

  const end = await generator.return(undefined);

  expect(end).toEqual({ done: true, value: undefined });
  expect(closed).toHaveBeenCalledTimes(1);
  await expect(pull).rejects.toThrow('left');
});

test('a loop that breaks leaves it too, and one that reads on to the end does not', async () => {
  const leave = vi.fn();
  const letters = async function* letters(): AsyncGenerator<string, undefined> {
    yield* ['a', 'b'];
  };

  const all = await Array.fromAsync(leavable(letters(), leave));
  const callsBefore = leave.mock.calls.length;
  for await (const _letter of leavable(letters(), leave)) break;

  expect([all, callsBefore, leave.mock.calls.length]).toEqual([['a', 'b'], 0, 1]);
});
