// What polls of a background response find, from the first to one that comes too late.
import { expect, test } from 'vitest';
import {
  background,
  type Fault,
  httpError,
  mockModel,
  reply,
  responseFailed,
  TestClock,
  truncateAfter,
} from '../../src/index.ts';
import { doors } from '../both-doors.ts';
import { post, postJson, responsesPath } from '../reader.ts';
import {
  eventsOf,
  get,
  type Json,
  letters,
  look,
  numbers,
  numbersOf,
  polled,
  statuses,
  streamed,
} from './background-reader.ts';

test.each(doors)('%s answers a background request at once, and its polls as scripted', async (_, open) => {
  await using model = await open(background(reply(letters), { looks: ['queued', 'in_progress'] }));

  const started = await postJson(model, responsesPath, polled);
  const looks = [await look(model), await look(model), await look(model), await look(model)];

  expect(started).toMatchObject({ id: 'resp_1', background: true, status: 'queued', output: [], usage: null });
  expect(looks.map(({ status }) => status)).toEqual(['queued', 'in_progress', 'completed', 'completed']);
  expect(looks[1]).toMatchObject({ id: 'resp_1', background: true, output: [], usage: null });
  expect(looks[2]).toMatchObject({
    output: [{ id: 'msg_1', status: 'completed', content: [{ text: 'Alpha beta gamma delta.' }] }],
    usage: { input_tokens: 3, output_tokens: 4 },
  });
});

test('polls find a background response done once a stream has delivered its end', async () => {
  using model = mockModel(background(reply(letters), { looks: ['queued', 'in_progress', 'in_progress'] }));

  const before = await statuses(model, 0);
  await eventsOf(await post(model, responsesPath, streamed));

  expect([...before, ...(await statuses(model, 1))]).toEqual(['completed']);
});

const endings: [name: string, fault: Fault | undefined, finishReason: 'stop' | 'length', expected: Json][] = [
  [
    'failed',
    responseFailed({ chunks: 2 }, { code: 'server_error', message: 'broken' }),
    'stop',
    { status: 'failed', error: { code: 'server_error', message: 'broken' }, output: [] },
  ],
  [
    'incomplete',
    undefined,
    'length',
    { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [{ status: 'incomplete' }] },
  ],
];

test.each(endings)('a background response may end as %s, for a poll and for a stream', async (...ending) => {
  const [status, fault, finishReason, expected] = ending;
  const step = reply(letters, { finishReason, ...(fault === undefined ? {} : { fault }) });
  using model = mockModel(background(step, { looks: ['in_progress'] }), background(step));
  await postJson(model, responsesPath, polled);

  const before = await look(model);
  const after = await look(model);
  const events = await eventsOf(await post(model, responsesPath, streamed));

  expect(before).toMatchObject({ status: 'in_progress', error: null });
  expect(after).toMatchObject(expected);
  expect(events.at(-1)).toMatchObject({ type: `response.${status}`, response: expected });
});

test('a response that a poll found done can be streamed at once, whatever the clock says', async () => {
  const words = reply(letters, { chunkDelayMs: 1000, fault: truncateAfter({ frames: 1 }) });
  using model = mockModel(background(words, { clock: new TestClock(), looks: ['in_progress', 'done', 'expired'] }));
  await eventsOf(await post(model, responsesPath, streamed));
  const reading = get(model, '/resp_1?stream=true').then(eventsOf);

  const looks = await statuses(model, 2);

  expect(looks).toEqual(['in_progress', 'completed']);
  expect(numbersOf(await reading)).toEqual(numbers(0, 12));
  expect(await statuses(model, 1)).toEqual(["Response with id 'resp_1' not found."]);
});

test('an expired or unknown response is not found by any request', async () => {
  using model = mockModel(background(reply('A'), { looks: ['done', 'expired'] }));
  await eventsOf(await post(model, responsesPath, streamed));
  await look(model);

  for (const id of ['resp_1', 'resp_nobody']) {
    const answers = [
      await get(model, `/${id}`),
      await get(model, `/${id}?stream=true`),
      await post(model, `${responsesPath}/${id}/cancel`, undefined),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await answers[0]!.json()).toEqual({
      error: {
        type: 'invalid_request_error',
        code: null,
        param: 'id',
        message: `Response with id '${id}' not found.`,
      },
    });
  }
});

test('a failed poll leaves the response unchanged, and an open one says when to retry', async () => {
  const openHeaders = { 'retry-after': '3' };
  using model = mockModel(background(reply('A'), { looks: ['queued', httpError(503), 'in_progress'], openHeaders }));
  const answers = [await post(model, responsesPath, polled)];

  for (let count = 0; count < 4; count += 1) answers.push(await get(model, '/resp_1'));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 503, 200, 200]);
  expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['3', '3', null, '3', null]);
});
