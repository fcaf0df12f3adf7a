import { mockModel, reply } from '@turnstream/testkit';
import { OpenAI } from 'openai';
import { expect, expectTypeOf, test, vi } from 'vitest';
import type { ResponsesParameters } from '../../src/index.ts';
import { type ChatCompletionsParameters, OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY, outcomeOf, question } from '../both-apis.ts';

const clients = [OpenAIChatCompletionsClient, OpenAIResponsesClient];

test.each(clients)('%o: a missing model is config_invalid', (Client) => {
  for (const model of ['', ' ', undefined as never]) {
    expect(() => new Client({ model, apiKey: API_KEY })).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  }
});

test.each(clients)('%o: a missing key is config_invalid in the words of the SDK', (Client) => {
  vi.stubEnv('OPENAI_API_KEY', undefined);
  vi.stubEnv('OPENAI_ADMIN_KEY', undefined);

  const act = () => new Client({ model: 'm' });

  expect(act).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('OPENAI_API_KEY') }),
  );
});

test('what the client fills in itself cannot be a parameter', () => {
  const act = () => {
    const parameters = { stream: false, n: 2, temperature: 1 } as ChatCompletionsParameters;
    return new OpenAIChatCompletionsClient({ model: 'm', apiKey: API_KEY, parameters });
  };

  expect(act).toThrow('parameters cannot hold stream, n: the client fills that in itself.');
  expectTypeOf<ChatCompletionsParameters>().not.toHaveProperty('messages');
  expectTypeOf<ChatCompletionsParameters>().not.toHaveProperty('stream');
  expectTypeOf<ResponsesParameters>().not.toHaveProperty('input');
  expectTypeOf<ResponsesParameters>().not.toHaveProperty('store');
  expectTypeOf<ResponsesParameters>().toHaveProperty('max_output_tokens');
});

test('only the Responses client can leave the history to the service', () => {
  const [chat, responses] = clients.map((Client) => new Client({ model: 'm', apiKey: API_KEY }));

  expect(chat).not.toHaveProperty('serviceHistory');
  expect(responses).toMatchObject({ serviceHistory: true });
});

test.each<[string, unknown, string]>([
  ['no options', undefined, 'The model client needs options, such as { model, apiKey }.'],
  ['a client that is not an SDK', { client: {} }, 'client is not an instance of the openai SDK.'],
  ['parameters as text', { parameters: 'temperature=0' }, 'parameters must be an object, such as { temperature: 0 }.'],
  ['a frame limit in words', { maxFrameChars: '2 MiB' }, 'maxFrameChars is 2 MiB; it must be a whole number'],
])('%s: config_invalid with what to pass', (_, options, message) => {
  const given = options === undefined ? undefined : { model: 'm', apiKey: API_KEY, ...(options as object) };

  for (const Client of clients) {
    const act = () => new Client(given as never);

    expect(act).toThrow(expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) }));
  }
});

test('a service that is not in the table and hosted tools that are not a list are config_invalid', () => {
  const options = { model: 'm', apiKey: API_KEY };

  const unknown = () => new OpenAIChatCompletionsClient({ ...options, service: 'grok' as never });
  const noList = () => new OpenAIResponsesClient({ ...options, parameters: { tools: 'web_search' as never } });

  const values = expect.stringContaining('service is "grok"; valid values are openai, azure, ollama');
  expect(unknown).toThrow(expect.objectContaining({ code: 'config_invalid', message: values }));
  const list = 'parameters.tools must be a list of hosted tools.';
  expect(noList).toThrow(expect.objectContaining({ code: 'config_invalid', message: list }));
});

test.each<[string, object, object]>([
  ['an invalid base URL', { baseURL: 'model.test' }, {}],
  ['a header that cannot be sent', {}, { headers: { 'x trace': '1' } }],
  ['a parameter that JSON cannot hold', {}, { parameters: { temperature: 1n } }],
])('a request that cannot be built is config_invalid and not retryable: %s', async (_, options, settings) => {
  using model = mockModel();

  for (const Client of clients) {
    const client = new Client({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL, ...options });
    const { error } = await outcomeOf(client.send(question({ settings })));

    expect(error).toMatchObject({ code: 'config_invalid', retryable: false, cause: { name: 'TypeError' } });
  }
  expect(model.requests).toEqual([]);
});

test.each(clients)('%o: an instance of the SDK is used as it is', async (Client) => {
  using model = mockModel(reply('Hello.'));
  const defaultHeaders = { 'x-team': 'blue' };
  const sdk = new OpenAI({ apiKey: API_KEY, baseURL: model.baseURL, defaultHeaders });
  const client = new Client({ model: 'm', client: sdk });

  const { text } = await outcomeOf(client.send(question()));

  expect(text).toBe('Hello.');
  expect(model.requests[0]!.headers).toMatchObject({ 'x-team': 'blue', authorization: `Bearer ${API_KEY}` });
});

test.each(clients)('%o: requests go through the fetch that is given', async (Client) => {
  using model = mockModel(reply('Hello.'));
  const urls: unknown[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    urls.push(input);
    return globalThis.fetch(input, init);
  };
  const client = new Client({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL, fetch });

  await outcomeOf(client.send(question()));

  expect(urls).toEqual([model.baseURL + model.requests[0]!.path.slice('/v1'.length)]);
});

test.each(clients)('%o: a client made before the mock listens is answered by it', async (Client) => {
  const client = new Client({ model: 'm', apiKey: API_KEY, baseURL: 'http://model.test/v1' });
  using _model = mockModel(reply('Hello.'));

  const { text } = await outcomeOf(client.send(question()));

  expect(text).toBe('Hello.');
});

test.each(clients)('%o: a message of a tool without its call is input_invalid, and nothing is sent', async (Client) => {
  using model = mockModel();
  const client = new Client({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question({ messages: [{ role: 'tool', contents: 'Sunny' }] })));

  expect(error).toMatchObject({ code: 'input_invalid' });
  expect(model.requests).toEqual([]);
});

test.each(clients)('%o: printing a client does not print its key', async (Client) => {
  const client = new Client({ model: 'm', apiKey: API_KEY });
  const { inspect } = await import('node:util');

  expect(inspect(client, { depth: 20, showHidden: true }) + JSON.stringify(client)).not.toContain(API_KEY);
});
