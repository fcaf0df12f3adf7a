import { AgentError } from '@turnstream/core';
import { httpError, mockModel, reply } from '@turnstream/testkit';
import { AzureOpenAI } from 'openai';
import { beforeEach, expect, test, vi } from 'vitest';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY, outcomeOf, question } from '../both-apis.ts';

const apiKey = 'azure-key';

// The SDK refuses `endpoint` while this is set.
beforeEach(() => void vi.stubEnv('OPENAI_BASE_URL', undefined));

test.each([true, false])(
  'Chat Completions goes to the deployment, with the api-key header; streamed: %s',
  async (stream) => {
    using model = mockModel(reply('Hello from Azure.'));
    const azure = new AzureOpenAI({ endpoint: model.origin, apiKey, apiVersion: '2024-10-21' });
    const client = new OpenAIChatCompletionsClient({ model: 'my-gpt', client: azure });

    const { text, error } = await outcomeOf(client.send(question({ instructions: 'Be brief.', stream })));

    expect([text, error]).toEqual(['Hello from Azure.', null]);
    expect(model.requests[0]!.path).toBe('/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21');
    expect(model.requests[0]!.headers).toMatchObject({ 'api-key': apiKey });
    expect(model.requests[0]!.headers).not.toHaveProperty('authorization');
    expect(model.requests[0]!.body).toEqual({
      model: 'my-gpt',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is Python?' },
      ],
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : { stream: false }),
    });
  },
);

test.each([
  ['the endpoint', (origin: string) => ({ endpoint: origin }), '/openai/responses?api-version=2025-03-01-preview'],
  [
    'the v1 surface',
    (origin: string) => ({ baseURL: `${origin}/openai/v1` }),
    '/openai/v1/responses?api-version=2025-03-01-preview',
  ],
])('Responses goes to %s, with the model in the body', async (_, where, path) => {
  using model = mockModel(reply('Hello from Azure.'));
  const azure = new AzureOpenAI({ ...where(model.origin), apiKey, apiVersion: '2025-03-01-preview' });
  const client = new OpenAIResponsesClient({ model: 'my-gpt', client: azure });

  const { text } = await outcomeOf(client.send(question()));

  expect(text).toBe('Hello from Azure.');
  expect(model.requests[0]).toMatchObject({ path, body: { model: 'my-gpt', store: false } });
  expect(model.requests[0]!.headers).toMatchObject({ 'api-key': apiKey });
});

test('a token provider is asked for every request', async () => {
  using model = mockModel(reply('One.'), reply('Two.'));
  let tokens = 0;
  const azureADTokenProvider = async () => `token-${(tokens += 1)}`;
  const azure = new AzureOpenAI({ endpoint: model.origin, azureADTokenProvider, apiVersion: '2024-10-21' });
  const client = new OpenAIChatCompletionsClient({ model: 'my-gpt', client: azure });

  await outcomeOf(client.send(question()));
  await outcomeOf(client.send(question()));

  expect(model.requests.map((request) => request.headers['authorization'])).toEqual([
    'Bearer token-1',
    'Bearer token-2',
  ]);
});

test("Azure's content filter is content_filter, its request id is named, its key is not", async () => {
  const headers = { 'apim-request-id': 'apim-1' };
  const message = `The prompt was filtered. Key ${API_KEY}.`;
  using model = mockModel(httpError(400, { code: 'content_filter', message, headers }));
  const azure = new AzureOpenAI({ endpoint: model.origin, apiKey: API_KEY, apiVersion: '2024-10-21' });
  const client = new OpenAIChatCompletionsClient({ model: 'my-gpt', client: azure });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toBeInstanceOf(AgentError);
  expect(error).toMatchObject({ code: 'content_filter', status: 400, serviceCode: 'content_filter' });
  expect((error as Error).message).toContain('request apim-1: The prompt was filtered. Key [redacted].');
});
