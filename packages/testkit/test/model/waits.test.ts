// When a scripted model waits: what it has sent by then, and whose clock it obeys.
import { expect, test, vi } from 'vitest';
import { mockModel, reply } from '../../src/index.ts';
import { doors } from '../both-doors.ts';
import { fakeTimeouts, untilItWaits } from '../fake-time.ts';
import { post, readText, responsesBody, responsesPath } from '../reader.ts';

test.each(doors)('%s waits before the chunks, with the headers and the opening frames sent', async (_, open) => {
  await using model = await open(reply(['A', 'B'], { firstChunkDelayMs: 60, chunkDelayMs: 30 }));
  fakeTimeouts();
  const reading = post(model, responsesPath, responsesBody).then(readText);
  const sent: unknown[] = [];

  for (const ms of [59, 1, 29, 1]) {
    await untilItWaits();
    sent.push([model.requests[0]!.bytesSent > 0, model.requests[0]!.chunksSent]);
    vi.advanceTimersByTime(ms);
  }
  vi.useRealTimers();

  expect(sent).toEqual([
    [true, 0],
    [true, 0],
    [true, 1],
    [true, 1],
  ]);
  expect(await reading).toContain('response.completed');
});

test.each(doors)('%s waits before the headers when the answer is not streamed', async (_, open) => {
  await using model = await open(reply(['A', 'B'], { firstChunkDelayMs: 60, chunkDelayMs: 30 }));
  const asked = performance.now();

  await post(model, responsesPath, { input: 'Hi.' });

  expect(performance.now() - asked).toBeGreaterThan(50);
});

test('waits obey timers that a test fakes after the model is made', async () => {
  using model = mockModel(reply('A', { firstChunkDelayMs: 3_600_000 }));
  fakeTimeouts();
  vi.setTimerTickMode('nextTimerAsync');

  const text = await post(model, responsesPath, responsesBody).then(readText);
  vi.useRealTimers();

  expect(text).toContain('response.completed');
});
