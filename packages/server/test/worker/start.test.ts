// What starts with a server besides its routes: old runs are deleted every hour, and calls that nobody approved are given
// up every minute.
import { setImmediate } from 'node:timers/promises';
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

test('a server that closes waits for the deleting under way, and begins no other', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const store = memoryStore();
  const deleting = Promise.withResolvers<void>();
  const forget = vi.spyOn(store.runs, 'forgetEnded').mockReturnValue(deleting.promise);
  const expire = vi.spyOn(store.runs, 'expireApprovals');
  await using rig = await openRig({ store });
  let isClosed = false;

  const closing = rig.app.close().then(() => {
    isClosed = true;
  });
  await expect.poll(() => vi.getTimerCount()).toBe(0);
  await setImmediate();
  const before = isClosed;
  deleting.resolve();
  await closing;
  await vi.advanceTimersByTimeAsync(3_600_000);

  expect(before).toBe(false);
  expect([forget, expire].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

test('calls that nobody approved are given up at the start and every minute', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  const store = memoryStore();
  const expire = vi.spyOn(store.runs, 'expireApprovals');
  await using _rig = await openRig({ store });

  await vi.advanceTimersByTimeAsync(120_000);

  expect(expire).toHaveBeenCalledTimes(3);
});

test('a server on a busy machine may take a minute to start', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const store = memoryStore();
  const { work } = store.runs;
  const slow = vi.spyOn(store.runs, 'work').mockImplementation(async (workers) => {
    await new Promise((resolve) => setTimeout(resolve, 59_999));
    return work.call(store.runs, workers);
  });

  const opening = openRig({ store });
  await expect.poll(() => slow.mock.calls.length).toBe(1);
  await vi.advanceTimersByTimeAsync(59_999);
  vi.useRealTimers();

  await using rig = await opening;
  expect((await rig.get('/healthz')).status).toBe(200);
});

test('a job that fails is logged with its run, its attempt and the type of the error', async () => {
  const store = memoryStore();
  vi.spyOn(store.runs, 'claim').mockRejectedValueOnce(new TypeError('the database is away'));
  await using rig = await openRig({ store });

  const response = await rig.post('/runs', { message: 'Go' });

  const { runId } = (await response.json()) as { runId: string };
  const notes = (): readonly string[] => rig.log.filter((line) => line.includes('job failed'));
  await expect.poll(notes).toHaveLength(1);
  expect(JSON.parse(notes()[0] ?? '')).toMatchObject({
    level: 40,
    msg: 'job failed and will be delivered again',
    runId,
    attempt: 1,
    err: { type: 'TypeError', message: 'not shown' },
  });
});
