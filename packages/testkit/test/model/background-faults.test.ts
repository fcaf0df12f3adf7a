// Faults of the streams of a background response: each breaks one stream, and the response continues.
import { expect, test } from 'vitest';
import {
  background,
  duplicateFrame,
  holdOpenAfterEnd,
  httpError,
  missingFrame,
  mockModel,
  reply,
  resetAfter,
  stallAfter,
  truncateAfter,
} from '../../src/index.ts';
import { framesIn, post, readChunks, readText, responsesPath } from '../reader.ts';
import { eventsOf, get, letters, numbers, numbersOf, statuses, streamed, textOf } from './background-reader.ts';

test('streams are broken one by one as the script says, and each counts its own events', async () => {
  const streams = [
    truncateAfter({ frames: 3 }),
    resetAfter({ chunks: 1 }),
    truncateAfter({ bytes: 40 }),
    httpError(500),
  ];
  using model = mockModel(background(reply(letters), { streams }));

  const cut = await eventsOf(await post(model, responsesPath, streamed));
  const reset = await readChunks(await get(model, '/resp_1?stream=true&starting_after=2'));
  const bytes = await readText(await get(model, '/resp_1?stream=true&starting_after=5'));
  const refused = await get(model, '/resp_1?stream=true&starting_after=5');
  const rest = await eventsOf(await get(model, '/resp_1?stream=true&starting_after=5'));

  expect(numbersOf(cut)).toEqual([0, 1, 2]);
  expect(framesIn(Buffer.concat(reset.chunks).toString('utf8'))).toHaveLength(3);
  expect(reset.error).toBeInstanceOf(TypeError);
  expect(bytes).toHaveLength(40);
  expect(refused.status).toBe(500);
  expect(numbersOf(rest)).toEqual(numbers(6, 12));
});

test('a fault of the reply’s connection is that of its first stream', async () => {
  using model = mockModel(background(reply(letters, { fault: stallAfter({ chunks: 1 }) })));
  const reader = new AbortController();
  const reading = readChunks(await post(model, responsesPath, streamed, { signal: reader.signal }));
  await expect.poll(() => model.requests[0]!.chunksSent).toBe(1);
  reader.abort();
  await reading;

  const rest = await eventsOf(await get(model, '/resp_1?stream=true&starting_after=5'));

  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(textOf(rest)).toBe('beta gamma delta.');
});

test('a stream stays open after its end when the script says so', async () => {
  using model = mockModel(background(reply('A'), { streams: [holdOpenAfterEnd()] }));
  const response = await post(model, responsesPath, streamed);

  for await (const chunk of response.body!) if (Buffer.from(chunk).includes('"response.completed"')) break;
  await model.requests[0]!.closed;

  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(await statuses(model, 1)).toEqual(['completed']);
});

test('events may be sent twice or left out, with the numbers of the others unchanged', async () => {
  using model = mockModel(
    background(reply(letters, { fault: duplicateFrame({ chunks: 1 }) })),
    background(reply(letters, { fault: missingFrame({ chunks: 1 }) })),
  );

  const twice = await eventsOf(await post(model, responsesPath, streamed));
  const gap = await eventsOf(await post(model, responsesPath, streamed));

  expect(numbersOf(twice)).toEqual([...numbers(0, 6), ...numbers(6, 12)]);
  expect(textOf(twice)).toBe('Alpha beta beta gamma delta.');
  expect(numbersOf(gap)).toEqual([...numbers(0, 5), ...numbers(7, 12)]);
  expect(gap.at(-1)).toMatchObject({ response: { output: [{ content: [{ text: 'Alpha beta gamma delta.' }] }] } });
});
