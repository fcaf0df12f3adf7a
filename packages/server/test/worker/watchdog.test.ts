// How a run is watched while it is followed.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunWatchdog } from '../../src/worker/watchdog.ts';
import { memoryStore } from '../app-rig.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('a database that refuses every look is asked four times a second', async () => {
  const { runs } = memoryStore();
  const request = { owner: 'ann', sessionId: null, message: 'Hi', callbackUrl: null, key: null, maxOpen: 20 };
  const { run } = await runs.create({ ...request, maxSessions: 10 });
  const look = vi.spyOn(runs, 'look').mockRejectedValue(new Error('connection refused'));
  const watch = new RunWatchdog(runs, run, { signal: new AbortController().signal, maxRunMs: 60_000 });

  await vi.advanceTimersByTimeAsync(1_000);
  const looks = look.mock.calls.length;
  await watch[Symbol.asyncDispose]();

  expect(looks).toBe(5);
  expect(watch.signal.aborted).toBe(false);
});
