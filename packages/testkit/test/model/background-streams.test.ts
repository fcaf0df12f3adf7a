// The streams of a background response: numbered events, which can be read again and resumed after a number.
import { expect, test } from 'vitest';
import { background, mockModel, reply, TestClock } from '../../src/index.ts';
import { doors } from '../both-doors.ts';
import { post, postJson, readText, responsesPath } from '../reader.ts';
import {
  eventsOf,
  get,
  type Json,
  letters,
  numbers,
  numbersOf,
  polled,
  streamed,
  textOf,
} from './background-reader.ts';

const eventTypes = [
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.output_text.delta',
  'response.output_text.delta',
  'response.output_text.delta',
  'response.output_text.delta',
  'response.output_text.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.completed',
];

test.each(doors)('%s streams numbered events, and again after a number', async (_, open) => {
  await using model = await open(background(reply(letters)));

  const events = await eventsOf(await post(model, responsesPath, streamed));
  const again = await eventsOf(await get(model, '/resp_1?stream=true'));
  const rest = await eventsOf(await get(model, '/resp_1?stream=true&starting_after=6'));
  const none = await get(model, '/resp_1?stream=true&starting_after=12');

  expect(events.map(({ type }) => type)).toEqual(eventTypes);
  expect(numbersOf(events)).toEqual(numbers(0, 12));
  expect(events.map(({ response }) => (response as Json | undefined)?.['status']).filter(Boolean)).toEqual([
    'queued',
    'queued',
    'in_progress',
    'completed',
  ]);
  expect(again).toEqual(events);
  expect(rest).toEqual(events.slice(7));
  expect([none.status, await readText(none)]).toEqual([200, '']);
});

test.each(doors)('%s keeps working while nobody reads, and an abandoned stream can be resumed', async (_, open) => {
  const clock = new TestClock();
  await using model = await open(background(reply(letters, { chunkDelayMs: 1000 }), { clock }));
  const left = await post(model, responsesPath, streamed);
  let text = '';
  for await (const chunk of left.body!) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes('Alpha')) break;
  }
  await model.requests[0]!.closed;
  clock.advance(2000);

  const rest = eventsOf(await get(model, '/resp_1?stream=true&starting_after=5'));
  await expect.poll(() => model.requests[1]!.chunksSent).toBe(2);
  clock.advance(1000);

  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(numbersOf(await rest)).toEqual(numbers(6, 12));
  expect(textOf(await rest)).toBe('beta gamma delta.');
});

test('only a response started as a stream can be streamed', async () => {
  using model = mockModel(background(reply(letters)));
  await postJson(model, responsesPath, polled);

  const refused = await get(model, '/resp_1?stream=true');

  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({
    error: {
      type: 'invalid_request_error',
      code: 'invalid_request_error',
      param: 'stream',
      message: 'This response cannot be streamed because it was not created with stream=true.',
    },
  });
});
