// /v1/responses with the unmodified client of OpenAI, and our own with the history at the service.
import { Agent, tool } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { answer, callTool, httpError, refuse, reply, stallAfter } from '@turnstream/testkit';
import OpenAI, { APIError } from 'openai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { memoryStore, openRig, type Rig, TOKEN } from '../app-rig.ts';
import { five, paying } from '../paying.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const model = 'agent';

const weather = tool({
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: () => 'secret rain',
});
const look = { type: 'function' as const, name: 'look', strict: false, parameters: { type: 'object', properties: {} } };

test('a whole answer is a response, with its tokens', async () => {
  const usage = { inputTokens: 90, outputTokens: 30, cachedInputTokens: 64, reasoningTokens: 20 };
  await using rig = await openRig({ openai: {}, steps: [reply('A language.', { usage })] });

  const response = await clientOf(rig).responses.create({ model, input: 'What is Python?' });

  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    model,
    output_text: 'A language.',
    error: null,
  });
  expect(response.usage).toEqual({
    input_tokens: 90,
    output_tokens: 30,
    total_tokens: 120,
    input_tokens_details: { cached_tokens: 64 },
    output_tokens_details: { reasoning_tokens: 20 },
  });
});

test('a stream tells of each item in order, and its last event has the whole response', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply(['A lang', 'uage.'])] });

  const events = await Array.fromAsync(
    await clientOf(rig).responses.create({ model, input: 'What is Python?', stream: true }),
  );

  expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'completed',
  ]);
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
  expect(events.at(-1)).toMatchObject({
    response: { status: 'completed', output: [{ content: [{ text: 'A language.' }] }] },
  });
});

test('an answer continues after the previous response, in one session', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991')] });
  const { responses } = clientOf(rig);
  const first = await responses.create({ model, input: 'What is Python?' });

  const second = await responses
    .stream({ model, input: 'How old is it?', previous_response_id: first.id })
    .finalResponse();

  expect([second.output_text, second.previous_response_id]).toEqual(['1991', first.id]);
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
  const { sessions } = (await (await rig.get('/sessions')).json()) as unknown as { sessions: [{ sessionId: string }] };
  expect(sessions).toHaveLength(1);
  expect(await responses.retrieve(first.id)).toMatchObject({
    id: first.id,
    status: 'completed',
    output_text: 'A language.',
  });
  expect(await responses.retrieve(second.id)).toMatchObject({ id: second.id, output_text: '1991', usage: null });
});

test('two answers to one response are independent', async () => {
  await using rig = await openRig({
    openai: {},
    steps: [reply('A language.'), reply('1991'), reply('Guido.'), reply('Yes.')],
  });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'What is Python?' });

  const old = await responses.create({ model, input: 'How old is it?', previous_response_id: id });
  const made = await responses.create({ model, input: 'Who made it?', previous_response_id: id });
  await responses.create({ model, input: 'Sure?', previous_response_id: made.id });

  expect(rig.model.requests[2]!.texts).toEqual(['What is Python?', 'A language.', 'Who made it?']);
  expect(rig.model.requests[3]!.texts).toEqual(['What is Python?', 'A language.', 'Who made it?', 'Guido.', 'Sure?']);
  expect((await responses.retrieve(old.id)).output_text).toBe('1991');
});

test('store: false stores nothing, even with a previous response', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991'), reply('2')] });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'What is Python?' });

  const second = await responses.create({ model, input: 'How old is it?', previous_response_id: id, store: false });
  const gone = await responses.retrieve(second.id).catch((error: unknown) => error);
  await responses.create({ model, input: 'And?', previous_response_id: id });

  expect(gone).toMatchObject({ status: 404, code: 'not_found' });
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
  expect(rig.model.requests[2]!.texts).toEqual(['What is Python?', 'A language.', 'And?']);
});

test('another owner’s response looks like one that does not exist', async () => {
  const store = memoryStore();
  await using rig = await openRig({ openai: {}, store, steps: [reply('A language.')] });
  await using theirs = await openRig({ openai: {}, store, identity: { authenticate: async () => 'eve' } });
  const { id } = await clientOf(rig).responses.create({ model, input: 'What is Python?' });
  const { responses } = clientOf(theirs);

  const refusals = await Promise.all(
    [responses.retrieve(id), responses.create({ model, input: 'And?', previous_response_id: id })].map((each) =>
      each.then(
        () => null,
        (error: unknown) => error,
      ),
    ),
  );

  expect(refusals).toMatchObject([
    { status: 404, code: 'not_found' },
    { status: 400, code: 'previous_response_not_found', param: 'previous_response_id' },
  ]);
});

test('an answer that failed leaves no session and no response', async () => {
  await using rig = await openRig({ openai: {}, steps: [httpError(500), httpError(500)] });
  const { responses } = clientOf(rig);

  const whole = await responses.create({ model, input: 'Hi' }).catch((error: unknown) => error);
  const streamed = await responses
    .stream({ model, input: 'Hi' })
    .finalResponse()
    .catch((error: unknown) => error);

  expect(whole).toMatchObject({ status: 502, code: 'server_error' });
  expect(streamed).toBeInstanceOf(APIError);
  expect(streamed).toMatchObject({ message: expect.stringContaining("model's service failed") });
  await expect.poll(async () => (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
});

test('the server runs the agent’s tool without showing it, and the caller runs its own', async () => {
  const calls = answer([
    reply('Let me look.'),
    callTool('get_weather', { city: 'Oslo' }, { callId: 'call_1' }),
    callTool('look', ['{"at":', '"sky"}'], { callId: 'call_2' }),
  ]);
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps: [calls, reply('Blue.')] });
  const { responses } = clientOf(rig);

  const first = await responses.stream({ model, input: 'What is the sky?', tools: [look] }).finalResponse();
  const output = [{ type: 'function_call_output' as const, call_id: 'call_2', output: 'blue' }];
  const second = await responses.create({ model, input: output, tools: [look], previous_response_id: first.id });

  expect(first.output).toMatchObject([
    { type: 'message', content: [{ text: 'Let me look.' }] },
    { type: 'function_call', call_id: 'call_2', name: 'look', arguments: '{"at":"sky"}', status: 'completed' },
  ]);
  expect(JSON.stringify(first)).not.toMatch(/secret|get_weather/);
  expect(second.output_text).toBe('Blue.');
  expect(rig.model.requests[1]!.texts).toEqual(['What is the sky?', 'Let me look.', 'secret rain', 'blue']);
  expect((await responses.retrieve(first.id)).output).toMatchObject([
    { type: 'message' },
    { type: 'function_call', call_id: 'call_2' },
  ]);
});

test('a caller that keeps the conversation sends its items back', async () => {
  await using rig = await openRig({ openai: {}, api: 'chat_completions', steps: [reply('Blue.')] });
  const input = [
    { role: 'user' as const, content: 'What is the sky?' },
    { type: 'reasoning' as const, id: 'rs_1', summary: [] },
    { role: 'assistant' as const, content: 'Let me look.' },
    { type: 'function_call' as const, call_id: 'call_2', name: 'look', arguments: '{}' },
    { type: 'function_call_output' as const, call_id: 'call_2', output: 'blue' },
  ];

  const { output_text: text } = await clientOf(rig).responses.create({ model, input, tools: [look], store: false });

  expect(text).toBe('Blue.');
  expect(rig.model.requests[0]!.messages).toMatchObject([
    { role: 'user', text: 'What is the sky?' },
    { role: 'assistant', text: 'Let me look.', calls: [{ callId: 'call_2' }] },
    { role: 'tool', text: 'blue' },
  ]);
});

test('a refusal of the model, and an answer that was cut short, say so', async () => {
  await using rig = await openRig({
    openai: {},
    steps: [refuse(['I can', 'not.']), reply('A lang', { finishReason: 'length' })],
  });
  const { responses } = clientOf(rig);

  const refused = await responses.stream({ model, input: 'Go' }).finalResponse();
  const short = await responses.create({ model, input: 'Go' });

  expect(refused.output).toMatchObject([{ content: [{ type: 'refusal', refusal: 'I cannot.' }] }]);
  expect(short).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
});

test.each([
  ['another model', { model: 'gpt-9' }, 404, 'model_not_found', 'model'],
  ['a length of its own', { max_output_tokens: 5 }, 400, 'unsupported_parameter', 'max_output_tokens'],
  ['a conversation', { conversation: 'conv_1' }, 400, 'unsupported_parameter', 'conversation'],
  ['instructions', { instructions: 'Obey.' }, 400, 'unsupported_parameter', 'instructions'],
  ['work in the background', { background: true }, 400, 'input_invalid', null],
  ['a hosted tool', { tools: [{ type: 'web_search' }] }, 400, 'input_invalid', null],
  ['an output format', { text: { format: { type: 'json_object' } } }, 400, 'input_invalid', null],
  [
    'an image',
    { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://example.com/a' }] }] },
    400,
    'invalid_value',
    'input',
  ],
  ['an item that is not known', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 400, 'invalid_value', 'input'],
  [
    'an output of no call',
    { input: [{ type: 'function_call_output', call_id: 'x', output: '' }] },
    400,
    'invalid_value',
    'input',
  ],
  [
    'an unknown response before it',
    { previous_response_id: 'resp_1' },
    400,
    'previous_response_not_found',
    'previous_response_id',
  ],
])('a request with %s is refused in OpenAI’s shape', async (_what, members, status, code, param) => {
  await using rig = await openRig({ openai: {} });

  const refusal = await clientOf(rig)
    .responses.create({ model, input: 'Hi', ...(members as object) })
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status, code, param, type: 'invalid_request_error' });
  expect([rig.model.requests, await (await rig.get('/sessions')).json()]).toEqual([[], { sessions: [] }]);
});

test('a tool that needs approval cannot be asked about here, and does not run', async () => {
  const { pay, paid } = paying();
  const asks = callTool('pay', [five]);
  await using rig = await openRig({ openai: {}, agent: { tools: [pay] }, steps: [asks, asks] });
  const { responses } = clientOf(rig);

  const whole = await responses.create({ model, input: 'Pay.' }).catch((error: unknown) => error);
  const streamed = await responses
    .stream({ model, input: 'Pay.' })
    .finalResponse()
    .catch((error: unknown) => error);

  for (const error of [whole, streamed])
    expect(error).toMatchObject({ message: expect.stringContaining('needs approval') });
  expect(paid).toEqual([]);
});

test('a server that dies in mid-answer throws in the client', async () => {
  const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
  await using rig = await openRig({ openai: {}, steps: [stuck] });
  const stream = clientOf(rig).responses.stream({ model, input: 'Go' });
  const told = new Promise<void>((resolve) => stream.on('response.output_text.delta', () => resolve()));
  const final = stream.finalResponse().catch((error: unknown) => error);
  await told;

  rig.app.server.closeAllConnections();

  expect(await final).toBeInstanceOf(Error);
});

test('an agent can use a served agent as its model, with the history at the server', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991')] });
  const client = new OpenAIResponsesClient({ baseURL: `${rig.url}/v1`, model, apiKey: TOKEN, maxRetries: 0 });
  const agent = new Agent({ client, history: 'service' });
  const session = agent.createSession();

  await agent.run('What is Python?', { session });
  const { text } = await agent.runStreaming('How old is it?', { session }).finalResponse();

  expect(text).toBe('1991');
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});
