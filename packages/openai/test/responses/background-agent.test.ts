import { Agent, type BackgroundRun, MemoryHistory, tool } from '@turnstream/core';
import {
  background,
  callTool,
  missingFrame,
  mockModel,
  reply,
  resetAfter,
  responseFailed,
  type ScriptedModel,
  type Step,
  serveModel,
  stallAfter,
  truncateAfter,
} from '@turnstream/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY } from '../both-apis.ts';

const letters = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
const userItem = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const assistantItem = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});

function clientOf({ baseURL }: { readonly baseURL: string }): OpenAIResponsesClient {
  return new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: API_KEY, baseURL, maxRetries: 0 });
}

const wire = (model: ScriptedModel) => model.requests.map(({ method, path }) => `${method} ${path}`);

/** The token as another process gets it. */
const stored = (run: BackgroundRun): unknown => JSON.parse(JSON.stringify(run));

/** The texts of a run's updates, all of them or the first few. */
async function textsOf(run: BackgroundRun, count = Number.POSITIVE_INFINITY): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of run.updates()) {
    if (text !== '') texts.push(text);
    if (texts.length === count) break;
  }
  return texts;
}

test('with history at the service a run is polled to its end, and the next turn continues it', async () => {
  using model = mockModel(
    background(reply('The report: all is well.', { id: 'resp_201' }), { looks: ['queued', 'in_progress'] }),
    reply('In short: fine.', { id: 'resp_202' }),
  );
  const agent = new Agent({ client: clientOf(model), instructions: 'Write reports.', history: 'service' });
  const session = agent.createSession();

  const run = await agent.runInBackground('Write the report.', { session });
  const seen = [run.status, await run.poll(), await run.poll(), session.serviceSessionId, await run.poll()];
  const report = await run.wait();
  const summary = await agent.run('Summarise it.', { session });

  expect(seen).toEqual(['queued', 'queued', 'in_progress', null, 'completed']);
  expect([report.text, report.responseId, summary.text]).toEqual([
    'The report: all is well.',
    'resp_201',
    'In short: fine.',
  ]);
  expect(wire(model)).toEqual([
    'POST /v1/responses',
    ...Array(3).fill('GET /v1/responses/resp_201'),
    'POST /v1/responses',
  ]);
  const sentEachTime = { model: 'gpt-4.1', instructions: 'Write reports.', stream: false };
  expect(model.requests[0]!.body).toEqual({
    ...sentEachTime,
    background: true,
    input: [userItem('Write the report.')],
  });
  expect(model.requests[4]!.body).toEqual({
    ...sentEachTime,
    previous_response_id: 'resp_201',
    input: [userItem('Summarise it.')],
  });
});

test('with a history of ours the whole conversation is sent, and the turn is stored once it is whole', async () => {
  using model = mockModel(
    reply('Hello.'),
    background(reply('All is well.', { id: 'resp_2' }), { looks: ['queued'] }),
    reply('Fine.'),
  );
  const agent = new Agent({ client: clientOf(model) });
  const session = agent.createSession();
  await agent.run('Hi.', { session });

  const run = await agent.runInBackground('Write the report.', { session });
  await run.poll();
  const meanwhile = JSON.stringify(session);
  await run.poll();
  await run.poll();
  await agent.run('In short?', { session });

  expect(meanwhile).not.toContain('report');
  expect(model.requests[1]!.body).toEqual({
    model: 'gpt-4.1',
    input: [userItem('Hi.'), assistantItem('Hello.'), userItem('Write the report.')],
    stream: false,
    background: true,
  });
  expect(model.requests.at(-1)!.texts).toEqual(['Hi.', 'Hello.', 'Write the report.', 'All is well.', 'In short?']);
});

test('left after two texts and resumed in another process, a run is streamed from there: two requests, one turn', async () => {
  await using model = await serveModel(
    background(reply(letters, { id: 'resp_203' }), { streams: [stallAfter({ chunks: 2 })] }),
  );
  const history = new MemoryHistory();
  const agent = () => new Agent({ client: clientOf(model), history });
  const session = () => agent().createSession({ sessionId: 's1' });

  const run = await agent().runInBackground('List four letters.', { session: session(), stream: true });
  const first = await textsOf(run, 2);
  const token = stored(run);
  await model.requests[0]!.closed;
  const resumed = agent().resumeBackground(token, { session: session() });
  const rest = await textsOf(resumed);

  expect([first, rest]).toEqual([
    ['Alpha ', 'beta '],
    ['gamma ', 'delta.'],
  ]);
  expect(token).toMatchObject({ responseId: 'resp_203', sequenceNumber: 6 });
  expect(wire(model)).toEqual([
    'POST /v1/responses',
    'GET /v1/responses/resp_203?stream=true&starting_after=6',
    'GET /v1/responses/resp_203',
  ]);
  expect(model.requests[0]!.closedEarly).toBe(true);
  expect((await resumed.wait()).text).toBe('Alpha beta gamma delta.');
  expect(await history.load({ sessionId: 's1' })).toMatchObject({
    version: 1,
    messages: [{ contents: 'List four letters.' }, { contents: 'Alpha beta gamma delta.' }],
  });
});

/** Where streams break, at the earliest after the service has said the id, and where readers leave. */
const plans = fc.record({
  breaks: fc.array(fc.record({ frames: fc.integer({ min: 1, max: 13 }), isReset: fc.boolean() }), { maxLength: 3 }),
  leaves: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
});

/** Reads updates up to a number of them, and on to the end without one. True when they have ended. */
async function readOn(run: BackgroundRun, stop: number, seen: string[]): Promise<boolean> {
  let left = stop;
  try {
    for await (const { text } of run.updates()) {
      seen.push(text);
      left -= 1;
      if (left === 0) return false;
    }
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'stream_truncated' });
    return false;
  }
}

test('broken or left anywhere and resumed by token, the texts join to the answer and the turn is stored once', async () => {
  await using model = await serveModel();
  const client = clientOf(model);
  await fc.assert(
    fc.asyncProperty(plans, async ({ breaks, leaves }) => {
      const streams = breaks.map(({ frames, isReset }) =>
        isReset ? resetAfter({ frames }) : truncateAfter({ frames }),
      );
      const history = new MemoryHistory();
      model.add(background(reply(letters), { looks: [], streams }));
      const agent = new Agent({ client, history });
      const session = () => agent.createSession({ sessionId: 's1' });
      let run = await agent.runInBackground('Go', { session: session(), stream: true });
      const seen: string[] = [];

      for (const stop of [...leaves, ...Array(breaks.length + 1).fill(Number.POSITIVE_INFINITY)]) {
        const hasEnded = await readOn(run, stop, seen);
        run = agent.resumeBackground(stored(run), { session: session() });
        if (hasEnded) break;
      }

      expect(seen.join('')).toBe('Alpha beta gamma delta.');
      expect((await run.wait()).text).toBe('Alpha beta gamma delta.');
      const { messages, version } = await history.load({ sessionId: 's1' });
      expect([version, messages.map(({ contents }) => contents)]).toEqual([1, ['Go', 'Alpha beta gamma delta.']]);
    }),
    { numRuns: 40 },
  );
});

test('an event that is lost on the way is made up for by the end, and its place is not passed before', async () => {
  using model = mockModel(background(reply(letters, { fault: missingFrame({ chunks: 2 }) })));
  const run = await new Agent({ client: clientOf(model) }).runInBackground('Go', { stream: true });
  const seen: unknown[] = [];

  for await (const { text } of run.updates()) if (text !== '') seen.push([text, run.sequenceNumber]);

  expect(seen).toEqual([
    ['Alpha ', 5],
    ['beta ', 6],
    ['gamma delta.', 12],
  ]);
});

function counted(): { ran: string[]; getWeather: ReturnType<typeof tool> } {
  const ran: string[] = [];
  const getWeather = tool({
    name: 'get_weather',
    description: 'Looks up the weather.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      ran.push(city);
      return 'Snow';
    },
  });
  return { ran, getWeather };
}

const weatherSteps = (): Step[] => [
  background(callTool('get_weather', ['{"city":', '"Oslo"}'], { callId: 'call_1' }), { looks: ['queued'] }),
  background(reply('Snow in Oslo.'), { looks: ['queued'] }),
];

test.each([
  ['with history at the service', 'service', { previous_response_id: 'resp_1' }, []],
  [
    'with a history of ours',
    undefined,
    {},
    [
      userItem('Weather?'),
      { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    ],
  ],
] as const)('%s the results of tools go on in the background, as one run', async (_, history, link, before) => {
  using model = mockModel(...weatherSteps());
  const { ran, getWeather } = counted();
  const agent = new Agent({
    client: clientOf(model),
    tools: [getWeather],
    ...(history === undefined ? {} : { history }),
  });
  const session = agent.createSession();

  const run = await agent.runInBackground('Weather?', { session });
  const seen: string[] = [];
  while (seen.at(-1) !== 'completed') seen.push(await run.poll());
  const response = await run.wait();

  expect(seen).toEqual(['queued', 'queued', 'queued', 'completed']);
  expect(ran).toEqual(['Oslo']);
  expect(response).toMatchObject({ text: 'Snow in Oslo.', status: 'completed', finishReason: 'stop' });
  expect(model.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)).toMatchObject([
    { background: true },
    {
      background: true,
      stream: false,
      ...link,
      input: [...before, { type: 'function_call_output', call_id: 'call_1', output: 'Snow' }],
    },
  ]);
});

test('a resumed stream with calls in it runs them once and continues to the answer', async () => {
  using model = mockModel(...weatherSteps());
  const { ran, getWeather } = counted();
  const agent = new Agent({ client: clientOf(model), tools: [getWeather] });
  const run = await agent.runInBackground('Weather?', { stream: true });
  for await (const { contents } of run.updates()) if (contents.length > 0) break;

  const resumed = agent.resumeBackground(stored(run));
  const updates = await Array.fromAsync(resumed.updates());

  expect(ran).toEqual(['Oslo']);
  expect(updates.flatMap(({ contents }) => contents.map(({ type }) => type))).toEqual([
    'function_call',
    'function_call',
    'function_result',
    'text',
  ]);
  const call = updates.flatMap(({ contents }) => contents).filter(({ type }) => type === 'function_call');
  expect(call).toMatchObject([{ arguments: '{"city":' }, { arguments: '"Oslo"}' }]);
  expect(model.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  expect(wire(model).filter((line) => line.includes('stream=true'))).toEqual([
    'GET /v1/responses/resp_1?stream=true&starting_after=0',
  ]);
  expect((await resumed.wait()).text).toBe('Snow in Oslo.');
});

test('whatever has been seen of a run, its token leads on: also before the first word and after the last one', async () => {
  await using model = await serveModel(background(reply(letters)));
  const agent = new Agent({ client: clientOf(model) });
  const run = await agent.runInBackground('Go', { stream: true });
  const tokens = [stored(run)];

  for await (const _update of run.updates()) tokens.push(stored(run));
  tokens.push(stored(run));

  const numbers = tokens.map((token) => (token as { sequenceNumber: number | null }).sequenceNumber);
  expect(numbers).toEqual([null, 0, 5, 6, 7, 8, 12, 12]);
  for (const [seen, token] of tokens.entries()) {
    const rest = await textsOf(agent.resumeBackground(token));
    expect(rest).toEqual(letters.slice(Math.max(0, seen - 1)));
  }
});

test('a token holds no word of the answer, however much of it was delivered', async () => {
  using model = mockModel(background(reply(Array.from({ length: 200 }, () => 'words and words '))));
  const agent = new Agent({ client: clientOf(model) });
  const run = await agent.runInBackground('Go', { stream: true });

  await textsOf(run, 150);

  expect(JSON.stringify(run)).not.toContain('words');
  expect(JSON.stringify(run).length).toBeLessThan(400);
});

test('a run that failed says why, and leaves no turn and no placeholder of one', async () => {
  const fault = responseFailed({ chunks: 1 }, { code: 'rate_limit_exceeded', message: 'Slow down.' });
  using model = mockModel(background(reply(letters, { fault })), background(reply(letters, { fault })));
  const agent = new Agent({ client: clientOf(model) });
  const session = agent.createSession();
  const polled = await agent.runInBackground('Go', { session });
  const streamed = await agent.runInBackground('Go', { session, stream: true });

  const waiting = polled.wait();
  const reading = textsOf(streamed);

  const error = { code: 'response_failed', serviceCode: 'rate_limit_exceeded' };
  await expect(waiting).rejects.toMatchObject(error);
  await expect(reading).rejects.toMatchObject(error);
  expect([polled.status, streamed.status, session.state]).toEqual(['failed', 'failed', {}]);
});

/** A `fetch` that cuts the body of the first GET in half, by a broken connection or as if the half were all. */
function cuttingFirstPoll(end: 'broken' | 'as if whole'): typeof fetch {
  let polls = 0;
  return async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method?.toUpperCase() !== 'GET' || ++polls > 1) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const half = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes.slice(0, bytes.length / 2)),
      pull: (controller) => (end === 'broken' ? controller.error(new TypeError('terminated')) : controller.close()),
    });
    return new Response(half, { headers: { 'content-type': 'application/json' } });
  };
}

test.each(['broken', 'as if whole'] as const)(
  'waiting goes on after a poll whose body was cut off (%s)',
  async (end) => {
    using model = mockModel(background(reply(letters, { id: 'resp_1' }), { looks: [] }));
    const options = { model: 'gpt-4.1', apiKey: API_KEY, baseURL: model.baseURL, maxRetries: 0 };
    const client = new OpenAIResponsesClient({ ...options, fetch: cuttingFirstPoll(end) });
    const run = await new Agent({ client }).runInBackground('Go');

    const response = await run.follow({ news: async () => {} });

    expect(response.text).toBe(letters.join(''));
    expect(wire(model)).toEqual(['POST /v1/responses', 'GET /v1/responses/resp_1', 'GET /v1/responses/resp_1']);
  },
);

test('a run that is cancelled ends as cancelled, while it is read as well', async () => {
  await using model = await serveModel(
    background(reply(letters), { looks: ['in_progress', 'in_progress'], streams: [stallAfter({ chunks: 1 })] }),
  );
  const agent = new Agent({ client: clientOf(model) });
  const session = agent.createSession();
  const run = await agent.runInBackground('Go', { session, stream: true });
  const first = await textsOf(run, 1);

  await run.cancel();
  const rest = await textsOf(run);

  expect([first, rest]).toEqual([['Alpha '], []]);
  expect(await run.wait()).toMatchObject({ status: 'cancelled', text: '' });
  expect([run.status, session.state]).toEqual(['cancelled', {}]);
});

test('a cancel that comes too late changes nothing: the answer is delivered', async () => {
  using model = mockModel(background(reply('All is well.')));
  const agent = new Agent({ client: clientOf(model) });
  const session = agent.createSession();
  const run = await agent.runInBackground('Go', { session });
  const other = agent.resumeBackground(stored(run), { session });
  await other.poll();

  await run.cancel();

  expect(await run.wait()).toMatchObject({ status: 'completed', text: 'All is well.' });
});

test('what the service no longer has is background_expired, and no turn', async () => {
  using model = mockModel(background(reply(letters), { looks: ['expired'] }));
  const agent = new Agent({ client: clientOf(model) });
  const session = agent.createSession();
  const run = await agent.runInBackground('Go', { session, stream: true });

  await expect(run.wait()).rejects.toMatchObject({ code: 'background_expired' });
  await expect(textsOf(agent.resumeBackground(stored(run), { session }))).rejects.toMatchObject({
    code: 'background_expired',
  });
  expect([run.status, session.state]).toEqual(['expired', {}]);
});

test('an incomplete answer is one that says so', async () => {
  using model = mockModel(background(reply('Once', { finishReason: 'length' })));
  const run = await new Agent({ client: clientOf(model) }).runInBackground('Go');

  expect(await run.wait()).toMatchObject({ status: 'incomplete', finishReason: 'length', text: 'Once' });
});

test('an answer of the asked shape is a value', async () => {
  using model = mockModel(background(reply('{"city":"Lima"}')));
  const agent = new Agent({ client: clientOf(model) });

  const run = await agent.runInBackground('Where?', { output: z.object({ city: z.string() }) });

  expect((await run.wait()).value).toEqual({ city: 'Lima' });
  expect(model.requests[0]!.body).toMatchObject({ background: true, text: { format: { strict: true } } });
});

test('Chat Completions cannot work in the background, and is not asked to', async () => {
  using model = mockModel();
  const client = new OpenAIChatCompletionsClient({ model: 'gpt-4.1', apiKey: API_KEY, baseURL: model.baseURL });

  const start = new Agent({ client }).runInBackground('Go');

  await expect(start).rejects.toMatchObject({ code: 'background_unsupported' });
  expect(model.requests).toEqual([]);
});
