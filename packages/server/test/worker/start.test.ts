// What starts with a server besides its routes: old runs are deleted every hour, and calls that nobody approved are given
// up every minute.
import { afterEach, expect, test, vi } from 'vitest';
import { memoryStore, openRig } from '../app-rig.ts';

afterEach(() => void vi.useRealTimers());

test('ended runs older than keepRunsMs are deleted at the start and every hour, even after a failed attempt', async () => {
  vi.useFakeTimers({ now: 1_000_000_000, toFake: ['Date', 'setInterval', 'clearInterval'] });
  const store = memoryStore();
  const forget = vi.spyOn(store.runs, 'forgetEnded').mockRejectedValueOnce(new Error('the database is away'));
  await using rig = await openRig({ store, ceilings: { keepRunsMs: 5_000 } });

  await vi.advanceTimersByTimeAsync(3_600_000);

  expect(forget.mock.calls.map(([before]) => before)).toEqual([999_995_000, 1_003_595_000]);
  const notes = rig.log.filter((line) => line.includes('not tidied up')).map((line) => JSON.parse(line) as object);
  expect(notes).toEqual([expect.objectContaining({ level: 50, err: expect.objectContaining({ type: 'Error' }) })]);
});

test('calls that nobody approved are given up at the start and every minute', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  const store = memoryStore();
  const expire = vi.spyOn(store.runs, 'expireApprovals');
  await using _rig = await openRig({ store });

  await vi.advanceTimersByTimeAsync(120_000);

  expect(expire).toHaveBeenCalledTimes(3);
});
