import { Agent, tool } from '@turnstream/core';
import { callTool, mockModel, rawReply, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { profileOf, type ServiceName, serviceAt } from '../../src/service/profile.ts';
import { API_KEY } from '../both-apis.ts';

test.each<[string, ServiceName]>([
  ['https://api.openai.com/v1', 'openai'],
  ['https://mine.openai.azure.com/openai', 'azure'],
  ['https://openrouter.ai/api/v1', 'openrouter'],
  ['https://api.groq.com/openai/v1', 'groq'],
  ['https://api.deepseek.com', 'deepseek'],
  ['https://api.moonshot.ai/v1', 'kimi'],
  ['https://api.mistral.ai/v1', 'mistral'],
  ['https://generativelanguage.googleapis.com/v1beta/openai/', 'gemini'],
  ['http://127.0.0.1:11434/v1', 'compatible'],
  ['https://api.openai.com.evil.example/v1', 'compatible'],
  ['no address', 'compatible'],
])('the server at %s is %s', (baseURL, service) => {
  expect(serviceAt(baseURL)).toBe(service);
});

test('a name decides over the address, and a model that wants its reasoning back gets it anywhere', () => {
  const named = profileOf('openai', 'http://127.0.0.1:8000/v1', 'kimi-k3');
  const hosted = profileOf(undefined, 'https://openrouter.ai/api/v1', 'deepseek/deepseek-v4');

  expect(named).toMatchObject({ names: true, reasoningBack: false });
  expect(hosted).toMatchObject({ names: false, reasoningBack: true });
});

const now = tool({ name: 'now', description: 'The time.', parameters: z.object({}), execute: () => 'noon' });

test.each<[ServiceName, boolean]>([
  ['openai', true],
  ['groq', false],
])('at %s the name of the agent is sent: %s', async (service, isSent) => {
  using model = mockModel(reply('Hi'), reply('Hi'));
  const client = new OpenAIChatCompletionsClient({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL, service });
  const agent = new Agent({ client, name: 'Atlas' });
  const session = agent.createSession();

  await agent.run('Hello', { session });
  await agent.run('Again', { session });

  const answer = (model.requests[1]!.body['messages'] as object[])[1];
  expect(answer).toEqual({ role: 'assistant', ...(isSent ? { name: 'Atlas' } : {}), content: 'Hi' });
});

test('reasoning goes back with the calls it led to, in the member it came in, where the service requires it', async () => {
  const body = JSON.stringify({
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: null,
          reasoning: 'I need the clock.',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'now', arguments: '{}' } }],
        },
      },
    ],
  });
  const thinking = rawReply({ headers: { 'content-type': 'application/json' }, body });
  const asked = async (service: ServiceName): Promise<object | undefined> => {
    using model = mockModel(thinking, reply('Noon.'));
    const client = new OpenAIChatCompletionsClient({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL, service });
    await new Agent({ client, tools: [now] }).run('Time?');
    return (model.requests[1]!.body['messages'] as object[])[1];
  };

  expect(await asked('kimi')).toMatchObject({ content: null, reasoning: 'I need the clock.' });
  expect(await asked('openrouter')).not.toHaveProperty('reasoning');
});

const output = z.object({ city: z.string() });
const paris = reply('{"city":"Paris"}');

test('a service with JSON mode only reads the schema in the instructions', async () => {
  using model = mockModel(paris);
  const options = { model: 'm', apiKey: API_KEY, baseURL: model.baseURL, service: 'deepseek' } as const;
  const agent = new Agent({ client: new OpenAIChatCompletionsClient(options), instructions: 'Be brief.' });

  const { value } = await agent.run('Capital of France?', { output });

  const { response_format, messages } = model.requests[0]!.body as Record<string, unknown>;
  expect(value).toEqual({ city: 'Paris' });
  expect(response_format).toEqual({ type: 'json_object' });
  expect(messages).toMatchObject([
    { role: 'system', content: expect.stringMatching(/^Be brief\.\nAnswer with one JSON object.*"city"/) },
    { role: 'user' },
  ]);
});

test('an unknown server that refuses the schema is asked once more in JSON mode, and in JSON mode from then on', async () => {
  const message = 'This response_format type is unavailable now';
  const refusal = rawReply({
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }),
  });
  using model = mockModel(refusal, paris, paris);
  const client = new OpenAIChatCompletionsClient({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL });
  const agent = new Agent({ client });

  const first = await agent.run('Capital of France?', { output });
  const second = await agent.run('Once more?', { output });

  expect([first.value, second.value]).toEqual([{ city: 'Paris' }, { city: 'Paris' }]);
  expect(model.requests.map(({ body }) => (body['response_format'] as { type: string }).type)).toEqual([
    'json_schema',
    'json_object',
    'json_object',
  ]);
});

test('stream_options can be left out, and a server that refuses them is never sent any', async () => {
  using model = mockModel(reply('Hi'), reply('Hi'));
  const options = { model: 'm', apiKey: API_KEY, baseURL: model.baseURL } as const;
  const bare = new OpenAIChatCompletionsClient({ ...options, parameters: { stream_options: null } });
  const mistral = new OpenAIChatCompletionsClient({ ...options, service: 'mistral' });

  await new Agent({ client: bare }).runStreaming('Hello').finalResponse();
  await new Agent({ client: mistral }).runStreaming('Hello').finalResponse();

  for (const { body } of model.requests) expect(body).not.toHaveProperty('stream_options');
});

test('model, parameters and headers of one run reach the wire of that run only', async () => {
  using model = mockModel(reply('Hi'), callTool('now', {}), reply('Hi'));
  const options = { model: 'large', apiKey: API_KEY, baseURL: model.baseURL, parameters: { temperature: 1, seed: 7 } };
  const agent = new Agent({ client: new OpenAIChatCompletionsClient(options), tools: [now] });

  await agent.run('Hello', { model: 'small', parameters: { temperature: 0 }, headers: { 'x-trace': '1' } });
  await agent.run('Hello');

  expect(
    model.requests.map(({ body, headers }) => [
      body['model'],
      body['temperature'],
      body['seed'],
      headers['x-trace'] ?? null,
    ]),
  ).toEqual([
    ['small', 0, 7, '1'],
    ['large', 1, 7, null],
    ['large', 1, 7, null],
  ]);
});

test('undefined in a run removes what client and agent set, and null removes a header', async () => {
  using model = mockModel(reply('Hi'), reply('Hi'));
  const connection = { model: 'm', apiKey: API_KEY, baseURL: model.baseURL };
  const defaultHeaders = { 'x-team': 'maps' };
  const chat = new OpenAIChatCompletionsClient({
    ...connection,
    defaultHeaders,
    parameters: { temperature: 1, seed: 7 },
  });
  const responses = new OpenAIResponsesClient({ ...connection, parameters: { top_p: 1 } });

  await new Agent({ client: chat, parameters: { seed: 8 }, headers: { 'x-trace': '1' } }).run('Hello', {
    headers: { 'x-team': null, 'X-Trace': null },
    parameters: { temperature: undefined, seed: undefined, top_p: 0.5 },
  });
  await new Agent({ client: responses, parameters: { temperature: 0 } }).run('Hello', {
    parameters: { temperature: undefined, top_p: undefined },
  });

  const sent = model.requests.map(({ body: { temperature, seed, top_p } }) => ({ temperature, seed, top_p }));
  expect(sent).toStrictEqual([
    { temperature: undefined, seed: undefined, top_p: 0.5 },
    { temperature: undefined, seed: undefined, top_p: undefined },
  ]);
  expect(Object.keys(model.requests[0]!.headers).filter((name) => ['x-team', 'x-trace'].includes(name))).toEqual([]);
});

test('a parameter that the client fills in itself is refused in a run too, before anything is sent', async () => {
  using model = mockModel();
  const client = new OpenAIChatCompletionsClient({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL });

  const act = new Agent({ client }).run('Hello', { parameters: { n: 2 } as object });

  await expect(act).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('n: the client'),
  });
  expect(model.requests).toHaveLength(0);
});
