// The background seam of the Responses client: start, look, cancel.
import {
  background,
  callTool,
  mockModel,
  rawReply,
  reply,
  responseFailed,
  serveModel,
  stallAfter,
  truncateAfter,
} from '@turnstream/testkit';
import { AzureOpenAI } from 'openai';
import { expect, test } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY, question } from '../both-apis.ts';
import { clientOf, json, letters, options, polled, read, textOf } from './background-reads.ts';

const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is Python?' }] }];

test('a response is started, looked at while it is open, and whole at its end', async () => {
  using model = mockModel(background(reply(letters, { id: 'resp_201' }), { looks: ['queued', 'in_progress'] }));
  const client = clientOf(model);

  const started = await client.start(polled());
  const looks = [await client.get('resp_201', options()), await client.get('resp_201', options())];
  const whole = await client.get('resp_201', options());

  expect(started).toEqual({ id: 'resp_201', status: 'queued', updates: [], error: null, retryAfterMs: null });
  expect(looks.map(({ status }) => status)).toEqual(['queued', 'in_progress']);
  expect([whole.status, textOf(whole)]).toEqual(['completed', 'Alpha beta gamma delta.']);
  expect(whole.updates.at(-1)).toMatchObject({
    responseId: 'resp_201',
    finishReason: 'stop',
    conversationId: 'resp_201',
    usage: { outputTokens: 4 },
  });
  expect(model.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/responses',
    'GET /v1/responses/resp_201',
    'GET /v1/responses/resp_201',
    'GET /v1/responses/resp_201',
  ]);
  expect(model.requests[0]!.closedEarly).toBe(false);
});

test.each([
  ['kept on our side', undefined, {}],
  ['kept by the service, new', { id: null }, {}],
  ['kept by the service', { id: 'resp_7' }, { previous_response_id: 'resp_7' }],
  ['of the service', { id: 'conv_7' }, { conversation: 'conv_7' }],
])('storing is left to the service, with a conversation %s', async (_, conversation, sent) => {
  using model = mockModel(rawReply({ headers: json, body: '{"id":"resp_1","object":"response","status":"queued"}' }));
  const request = { ...polled(), ...(conversation === undefined ? {} : { conversation }) };

  await clientOf(model).start(request);

  expect(model.requests[0]!.body).toEqual({ model: 'gpt-4.1', input, stream: false, background: true, ...sent });
});

test('a reasoning model is asked for its encrypted reasoning, so that the next turn can send it', async () => {
  using model = mockModel(background(reply('Yes.')));
  const client = new OpenAIResponsesClient({ model: 'o4-mini', apiKey: API_KEY, baseURL: model.baseURL });

  await client.background.start(polled());

  expect(model.requests[0]!.body).toMatchObject({ include: ['reasoning.encrypted_content'] });
  expect(model.requests[0]!.body).not.toHaveProperty('store');
});

test('what the service asks to wait is passed on', async () => {
  using model = mockModel(background(reply('Yes.'), { looks: ['queued'], openHeaders: { 'retry-after': '3' } }));
  const client = clientOf(model);

  const started = await client.start(polled());
  const open = await client.get('resp_1', options());
  const ended = await client.get('resp_1', options());

  expect([started, open, ended].map(({ retryAfterMs }) => retryAfterMs)).toEqual([3000, 3000, null]);
});

test('the calls of a finished response are part of it', async () => {
  using model = mockModel(background(callTool('get_weather', { city: 'Oslo' }, { callId: 'call_a' })));
  const client = clientOf(model);
  await client.start(polled());

  const { updates } = await client.get('resp_1', options());

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'function_call', callId: 'call_a', name: 'get_weather', arguments: '{"city":"Oslo"}' },
  ]);
  expect(updates.at(-1)?.finishReason).toBe('tool_calls');
});

test.each(['in_progress', 'failed', 'cancelled'])('what a response that is %s has used is known', async (status) => {
  const usage = { input_tokens: 14, output_tokens: 30, total_tokens: 44 };
  const fetch = async () => Response.json({ id: 'resp_1', object: 'response', status, output: [], usage });
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, baseURL: 'http://model.test/v1', fetch });

  const { updates } = await client.background.get('resp_1', options());

  expect(updates).toMatchObject([{ usage: { inputTokens: 14, outputTokens: 30, totalTokens: 44 } }]);
});

test.each(['failed', 'cancelled'])('a response that is %s names its conversation, which goes on', async (status) => {
  const conversation = { id: 'conv_1' };
  const fetch = async () => Response.json({ id: 'resp_1', object: 'response', status, output: [], conversation });
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, baseURL: 'http://model.test/v1', fetch });

  const { updates } = await client.background.get('resp_1', options());

  expect(updates).toMatchObject([{ conversationId: 'conv_1', finishReason: null }]);
});

test('a response that is open is cancelled, and stays so', async () => {
  using model = mockModel(background(reply(letters), { looks: ['in_progress'] }));
  const client = clientOf(model);
  await client.start(polled());

  const first = await client.cancel('resp_1', options());
  const second = await client.cancel('resp_1', options());

  expect([first.status, second.status]).toEqual(['cancelled', 'cancelled']);
  expect(first).toMatchObject({ updates: [], error: null });
  expect(model.requests.slice(1).map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/responses/resp_1/cancel',
    'POST /v1/responses/resp_1/cancel',
  ]);
});

test.each([
  ['completed', reply(letters)],
  ['incomplete', reply(letters, { finishReason: 'length' })],
  ['failed', reply(letters, { fault: responseFailed({ chunks: 1 }) })],
] as const)('cancelling one that is %s gives it as it is', async (status, step) => {
  using model = mockModel(background(step));
  const client = clientOf(model);
  await client.start(polled());
  await client.get('resp_1', options());

  const snapshot = await client.cancel('resp_1', options());

  expect(snapshot.status).toBe(status);
  expect(textOf(snapshot)).toBe(status === 'failed' ? '' : 'Alpha beta gamma delta.');
});

test.each([
  ['failed', reply(letters, { fault: responseFailed({ chunks: 1 }) }), ['Alpha ']],
  ['incomplete', reply(letters, { finishReason: 'length' }), letters],
] as const)('the stream of a response that ends as %s ends; the snapshot tells how', async (status, step, expected) => {
  using model = mockModel(background(step));
  const client = clientOf(model);
  await client.start(question());

  const { texts, error } = await read(client.stream('resp_1', { after: null, ...options() }));
  const snapshot = await client.get('resp_1', options());

  expect([texts, error, snapshot.status]).toEqual([expected, null, status]);
});

test.each([true, false])(
  'aborting closes the connection at once, with its reason; handed over: %s',
  async (isFirst) => {
    const streams = isFirst ? [stallAfter({ chunks: 1 })] : [truncateAfter({ frames: 1 }), stallAfter({ chunks: 1 })];
    await using model = await serveModel(background(reply(letters), { streams }));
    const client = clientOf(model);
    await client.start(question());
    const after = isFirst ? null : (await read(client.stream('resp_1', { after: null, ...options() }))).last;
    const stop = new AbortController();
    const reason = new Error('enough');
    const reading = read(client.stream('resp_1', { after, signal: stop.signal }));
    await expect.poll(() => model.requests.at(-1)!.chunksSent).toBe(1);

    stop.abort(reason);
    const { error } = await reading;
    await model.requests.at(-1)!.closed;

    expect(error).toBe(reason);
    expect(model.requests.at(-1)!.closedEarly).toBe(true);
  },
);

test('Azure does the same under its own paths', async () => {
  using model = mockModel(background(reply(letters), { streams: ['whole', 'whole'], looks: ['in_progress'] }));
  const azure = new AzureOpenAI({
    baseURL: `${model.origin}/openai`,
    apiKey: 'azure-key',
    apiVersion: '2025-03-01-preview',
  });
  const client = new OpenAIResponsesClient({ model: 'my-gpt', client: azure }).background;

  await client.start(question());
  const first = await read(client.stream('resp_1', { after: null, ...options() }), 1);
  await client.get('resp_1', options());
  await read(client.stream('resp_1', { after: first.last, ...options() }), 1);
  await client.cancel('resp_1', options());

  const version = 'api-version=2025-03-01-preview';
  expect(model.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /openai/responses?${version}`,
    `GET /openai/responses/resp_1?${version}`,
    `GET /openai/responses/resp_1?${version}&stream=true&starting_after=5`,
    `POST /openai/responses/resp_1/cancel?${version}`,
    // It had ended meanwhile, so it is looked at.
    `GET /openai/responses/resp_1?${version}`,
  ]);
  expect(model.requests.every(({ headers }) => headers['api-key'] === 'azure-key')).toBe(true);
});
