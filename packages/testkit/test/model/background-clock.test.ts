// A background response with a test clock: when it starts, progresses, ends and is deleted.
import { expect, test } from 'vitest';
import { background, mockModel, reply, TestClock } from '../../src/index.ts';
import { post, postJson, responsesPath } from '../reader.ts';
import { eventsOf, letters, look, numbers, numbersOf, polled, statuses, streamed } from './background-reader.ts';

test('without scripted polls the clock decides: queued, in progress, then done with the last word', async () => {
  const clock = new TestClock();
  const words = reply(letters, { firstChunkDelayMs: 100, chunkDelayMs: 10 });
  using model = mockModel(background(words, { clock, queuedMs: 500 }));
  await postJson(model, responsesPath, polled);
  const seen: unknown[] = [];

  for (const ms of [499, 1, 129, 1]) {
    clock.advance(ms);
    seen.push((await look(model)).status);
  }

  expect(seen).toEqual(['queued', 'in_progress', 'in_progress', 'completed']);
});

test('a stream waits for the clock before every event, including the first', async () => {
  const clock = new TestClock();
  using model = mockModel(background(reply(letters, { chunkDelayMs: 10 }), { clock, queuedMs: 500 }));
  const reading = eventsOf(await post(model, responsesPath, streamed));
  const { requests } = model;
  const before = requests[0]!.chunksSent;

  for (const [ms, sent] of [
    [500, 1],
    [10, 2],
    [20, 4],
  ] as const) {
    clock.advance(ms);
    await expect.poll(() => requests[0]!.chunksSent).toBe(sent);
  }

  expect(before).toBe(0);
  expect(numbersOf(await reading)).toEqual(numbers(0, 12));
});

test('a response is kept for as long after its end as the script says', async () => {
  const clock = new TestClock();
  using model = mockModel(background(reply('A'), { clock, queuedMs: 100, keptMs: 1000 }));
  await postJson(model, responsesPath, polled);
  clock.advance(1100);

  const last = await statuses(model, 1);
  clock.advance(1);

  expect([...last, ...(await statuses(model, 1))]).toEqual(['completed', "Response with id 'resp_1' not found."]);
});

test('advancing the clock resolves the waits that are due and no others', async () => {
  const clock = new TestClock();
  const leaving = new AbortController();
  const woken: string[] = [];
  const never = new AbortController().signal;
  for (const moment of [10, 20, 30]) void clock.until(moment, never).then(() => woken.push(`${moment}`));
  void clock.until(30, leaving.signal).then(() => woken.push('left'));

  clock.advance(20);
  await Promise.resolve();
  const first = [...woken];
  leaving.abort();
  await Promise.resolve();

  expect([first, woken, clock.now()]).toEqual([['10', '20'], ['10', '20', 'left'], 20]);
});
