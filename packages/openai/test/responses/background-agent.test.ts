// Background runs of an agent over the Responses API.
import { Agent } from '@turnstream/core';
import { background, mockModel, reply, responseFailed, serveModel, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY } from '../both-apis.ts';
import { clientOf, counted, letters, stored, textsOf, weatherSteps, wire } from './background-runs.ts';

const userItem = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

const assistantItem = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
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
