// Cancelling a background response: what is left of it, and when it is too late.
import { expect, test } from 'vitest';
import { background, mockModel, reply, responseFailed, TestClock, truncateAfter } from '../../src/index.ts';
import { doors } from '../both-doors.ts';
import { post, postJson, responsesPath } from '../reader.ts';
import { eventsOf, get, letters, numbers, numbersOf, polled, statuses, streamed, textOf } from './background-reader.ts';

test.each(doors)('%s cancels what is open, and says so again when asked again', async (_, open) => {
  await using model = await open(background(reply(letters), { looks: ['queued', 'in_progress'] }));
  await postJson(model, responsesPath, polled);

  const cancelled = await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);
  const again = await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);

  expect(cancelled).toMatchObject({ id: 'resp_1', status: 'cancelled', error: null, output: [], usage: null });
  expect(again).toEqual(cancelled);
  expect(await statuses(model, 2)).toEqual(['cancelled', 'cancelled']);
});

test('the stream of a cancelled response ends there, and reads the same again', async () => {
  const clock = new TestClock();
  using model = mockModel(background(reply(letters, { chunkDelayMs: 1000 }), { clock }));
  const reading = eventsOf(await post(model, responsesPath, streamed));
  await expect.poll(() => model.requests[0]!.chunksSent).toBe(1);

  await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);

  const events = await reading;
  expect(textOf(events)).toBe('Alpha ');
  expect(numbersOf(events)).toEqual(numbers(0, 6));
  expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'cancelled', output: [] } });
  expect(await eventsOf(await get(model, '/resp_1?stream=true&starting_after=5'))).toEqual(events.slice(-1));
});

test('with a clock, a cancel keeps what was due, read or not', async () => {
  const clock = new TestClock();
  const words = reply(letters, { chunkDelayMs: 1000, fault: truncateAfter({ frames: 1 }) });
  using model = mockModel(background(words, { clock }));
  await eventsOf(await post(model, responsesPath, streamed));
  clock.advance(1000);

  await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);

  expect(textOf(await eventsOf(await get(model, '/resp_1?stream=true')))).toBe('Alpha beta ');
});

test('without a clock, a cancel keeps only what was read', async () => {
  using model = mockModel(
    background(reply(letters), { looks: ['queued'], streams: [truncateAfter({ chunks: 1 }), 'whole'] }),
  );
  await eventsOf(await post(model, responsesPath, streamed));

  await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);

  const events = await eventsOf(await get(model, '/resp_1?stream=true'));
  expect(textOf(events)).toBe('Alpha ');
  expect(events.at(-1)).toMatchObject({ sequence_number: 6, response: { status: 'cancelled' } });
});

test.each([
  ['completed', undefined, 'stop', 'Cannot cancel a completed response.'],
  ['failed', responseFailed({ chunks: 0 }), 'stop', 'Cannot cancel a failed response.'],
  ['incomplete', undefined, 'length', 'Cannot cancel a response in terminal state.'],
] as const)('a %s response cannot be cancelled any more', async (_, fault, finishReason, message) => {
  using model = mockModel(background(reply('A', { finishReason, ...(fault === undefined ? {} : { fault }) })));
  await postJson(model, responsesPath, polled);

  const refused = await post(model, `${responsesPath}/resp_1/cancel`, undefined);

  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { type: 'invalid_request_error', message } });
});
