import { expect, test, vi } from 'vitest';
import {
  background,
  callTool,
  duplicateFrame,
  type Fault,
  holdOpenAfterEnd,
  httpError,
  missingFrame,
  mockModel,
  reply,
  resetAfter,
  responseFailed,
  stallAfter,
  TestClock,
  truncateAfter,
} from '../src/index.ts';
import { doors } from './both-doors.ts';
import {
  chatBody,
  chatPath,
  framesIn,
  post,
  postJson,
  readChunks,
  readText,
  responsesPath,
  type Target,
} from './reader.ts';

type Json = Record<string, unknown>;

const letters = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
const polled = { model: 'gpt-4.1', input: 'List four letters.', background: true };
const streamed = { ...polled, stream: true };

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

function get(model: Target, path: string): Promise<Response> {
  return fetch(`${model.baseURL}${responsesPath}${path}`);
}

async function look(model: Target, id = 'resp_1'): Promise<Json> {
  const response = await get(model, `/${id}`);
  return (await response.json()) as Json;
}

async function statuses(model: Target, looks: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let count = 0; count < looks; count += 1) {
    const { status, error } = await look(model);
    seen.push(status ?? (error as Json)['message']);
  }
  return seen;
}

async function eventsOf(response: Response): Promise<Json[]> {
  const text = Buffer.concat((await readChunks(response)).chunks).toString('utf8');
  return framesIn(text).map(({ data }) => JSON.parse(data) as Json);
}

function numbersOf(events: readonly Json[]): unknown[] {
  return events.map((event) => event['sequence_number']);
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function textOf(events: readonly Json[]): string {
  return events.map((event) => (event['delta'] as string | undefined) ?? '').join('');
}

test.each(doors)('%s answers a background request at once, and its looks as the script says', async (_, open) => {
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

test.each(doors)('%s goes on while nobody reads: a stream that was left is taken up where it was', async (_, open) => {
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
  await vi.waitFor(() => expect(model.requests[1]!.chunksSent).toBe(2));
  clock.advance(1000);

  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(numbersOf(await rest)).toEqual(numbers(6, 12));
  expect(textOf(await rest)).toBe('beta gamma delta.');
});

test('without looks the clock decides: queued, then in progress, then done when the last word is', async () => {
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

test('a stream waits for the clock with every event, also with the first ones', async () => {
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
    await vi.waitFor(() => expect(requests[0]!.chunksSent).toBe(sent), 10_000);
  }

  expect(before).toBe(0);
  expect(numbersOf(await reading)).toEqual(numbers(0, 12));
});

test('a background response is done for the looks when a stream has delivered its end', async () => {
  using model = mockModel(background(reply(letters), { looks: ['queued', 'in_progress', 'in_progress'] }));

  const before = await statuses(model, 0);
  await eventsOf(await post(model, responsesPath, streamed));

  expect([...before, ...(await statuses(model, 1))]).toEqual(['completed']);
});

test('only what was asked for as a stream can be streamed', async () => {
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

test.each(endings)('a background response may end as %s, for a look and for a stream', async (...ending) => {
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

test.each(doors)('%s cancels what is open, and says so again when asked again', async (_, open) => {
  await using model = await open(background(reply(letters), { looks: ['queued', 'in_progress'] }));
  await postJson(model, responsesPath, polled);

  const cancelled = await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);
  const again = await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);

  expect(cancelled).toMatchObject({ id: 'resp_1', status: 'cancelled', error: null, output: [], usage: null });
  expect(again).toEqual(cancelled);
  expect(await statuses(model, 2)).toEqual(['cancelled', 'cancelled']);
});

test('a stream of what is cancelled ends there, and is the same when read again', async () => {
  const clock = new TestClock();
  using model = mockModel(background(reply(letters, { chunkDelayMs: 1000 }), { clock }));
  const reading = eventsOf(await post(model, responsesPath, streamed));
  await vi.waitFor(() => expect(model.requests[0]!.chunksSent).toBe(1));

  await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);

  const events = await reading;
  expect(textOf(events)).toBe('Alpha ');
  expect(numbersOf(events)).toEqual(numbers(0, 6));
  expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'cancelled', output: [] } });
  expect(await eventsOf(await get(model, '/resp_1?stream=true&starting_after=5'))).toEqual(events.slice(-1));
});

test('by the clock, what nobody has read has happened all the same when it is cancelled', async () => {
  const clock = new TestClock();
  const words = reply(letters, { chunkDelayMs: 1000, fault: truncateAfter({ frames: 1 }) });
  using model = mockModel(background(words, { clock }));
  await eventsOf(await post(model, responsesPath, streamed));
  clock.advance(1000);

  await postJson(model, `${responsesPath}/resp_1/cancel`, undefined);

  expect(textOf(await eventsOf(await get(model, '/resp_1?stream=true')))).toBe('Alpha beta ');
});

test('what a look has found done can be read at once, whatever the clock says', async () => {
  const words = reply(letters, { chunkDelayMs: 1000, fault: truncateAfter({ frames: 1 }) });
  using model = mockModel(background(words, { clock: new TestClock(), looks: ['in_progress', 'done', 'expired'] }));
  await eventsOf(await post(model, responsesPath, streamed));
  const reading = get(model, '/resp_1?stream=true').then(eventsOf);

  const looks = await statuses(model, 2);

  expect(looks).toEqual(['in_progress', 'completed']);
  expect(numbersOf(await reading)).toEqual(numbers(0, 12));
  expect(await statuses(model, 1)).toEqual(["Response with id 'resp_1' not found."]);
});

test('what nobody has read of a scripted answer has not happened when it is cancelled', async () => {
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

test('what is expired or was never known is not found, whatever is asked of it', async () => {
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

test('a response is kept for as long after its end as the script says', async () => {
  const clock = new TestClock();
  using model = mockModel(background(reply('A'), { clock, queuedMs: 100, keptMs: 1000 }));
  await postJson(model, responsesPath, polled);
  clock.advance(1100);

  const last = await statuses(model, 1);
  clock.advance(1);

  expect([...last, ...(await statuses(model, 1))]).toEqual(['completed', "Response with id 'resp_1' not found."]);
});

test('a look may fail and leave the response as it is, and an open one says when to come back', async () => {
  const openHeaders = { 'retry-after': '3' };
  using model = mockModel(background(reply('A'), { looks: ['queued', httpError(503), 'in_progress'], openHeaders }));
  const answers = [await post(model, responsesPath, polled)];

  for (let count = 0; count < 4; count += 1) answers.push(await get(model, '/resp_1'));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 503, 200, 200]);
  expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['3', '3', null, '3', null]);
});

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
  await vi.waitFor(() => expect(model.requests[0]!.chunksSent).toBe(1));
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

test('a plain reply answers in the background when it is asked to, and so does a tool call', async () => {
  using model = mockModel(reply('A', { id: 'resp_a' }), callTool('get_time', {}));

  const started = await postJson(model, responsesPath, polled);
  await postJson(model, responsesPath, polled);
  const [plain, call] = [await look(model, 'resp_a'), await look(model, 'resp_2')];

  expect(started).toMatchObject({ id: 'resp_a', status: 'queued' });
  expect(plain).toMatchObject({ status: 'completed', output: [{ content: [{ text: 'A' }] }] });
  expect(call).toMatchObject({ status: 'completed', output: [{ type: 'function_call', name: 'get_time' }] });
});

test('a background step does not answer on the connection of the request', async () => {
  const model = mockModel(background(reply('A')));

  const answer = await post(model, responsesPath, { input: 'Hi.' });

  expect(answer.status).toBe(500);
  expect(() => model[Symbol.dispose]()).toThrow(
    'call 1 asks for an answer on its connection, but background(reply("A")) answers POST /responses with background: true only',
  );
});

test.each([true, false, null])(
  'Chat Completions does not know background: %s, and uses up no step for it',
  async (value) => {
    using model = mockModel();

    const refused = await post(model, chatPath, { ...chatBody, background: value });

    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      error: {
        type: 'invalid_request_error',
        code: 'unknown_parameter',
        param: 'background',
        message: "Unknown parameter: 'background'.",
      },
    });
  },
);

test.each(doors)('%s records looks and cancels, which are no model calls', async (_, open) => {
  await using model = await open(background(reply('A'), { looks: ['queued'] }), reply('B'));
  await postJson(model, responsesPath, polled);
  await look(model);
  await readText(await get(model, '/resp_1?api-version=preview'));
  await post(model, `${responsesPath}/resp_1/cancel`, undefined);

  const next = await postJson(model, responsesPath, { input: 'Hi.' });

  expect(next['id']).toBe('resp_2');
  expect(model.requests.map(({ method, path, responseId }) => [method, path, responseId])).toEqual([
    ['POST', '/v1/responses', null],
    ['GET', '/v1/responses/resp_1', 'resp_1'],
    ['GET', '/v1/responses/resp_1?api-version=preview', 'resp_1'],
    ['POST', '/v1/responses/resp_1/cancel', 'resp_1'],
    ['POST', '/v1/responses', null],
  ]);
  expect(model.requests[1]).toMatchObject({ api: 'responses', body: {}, messages: [], closedEarly: false });
});

test('a clock wakes what waited up to the moment it is moved to, and nothing else', async () => {
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
