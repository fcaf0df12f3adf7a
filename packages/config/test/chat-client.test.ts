import { Agent } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { chatClientFromEnv, hasRealModel, readEnv } from '../src/index.ts';

const noNotice = (): never => {
  throw new Error('a configured model needs no notice');
};

test('OpenAI is asked over Responses, with its key and model', async () => {
  using model = mockModel(reply('Hi.'));
  const env = {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: model.baseURL,
    LLM_MODEL: 'gpt-x',
    OPENAI_API: 'responses',
  };
  await using configured = await chatClientFromEnv({ env, onNotice: noNotice });

  const answer = await new Agent({ client: configured.client }).run('Hello?');

  expect(answer.text).toBe('Hi.');
  expect(configured).toMatchObject({ provider: 'openai', model: 'gpt-x' });
  expect(model.requests).toHaveLength(1);
  expect(model.requests[0]).toMatchObject({ api: 'responses', path: '/v1/responses', body: { model: 'gpt-x' } });
  expect(model.requests[0]!.headers).toMatchObject({ authorization: 'Bearer sk-test' });
});

test.each([
  [undefined, undefined, 'responses'],
  [undefined, 'https://eu.api.openai.com/v1', 'responses'],
  [undefined, 'https://res.openai.azure.com/openai/v1', 'responses'],
  [undefined, 'http://127.0.0.1:11434/v1', 'chat_completions'],
  ['chat_completions', undefined, 'chat_completions'],
  ['Responses', 'http://127.0.0.1:11434/v1', 'responses'],
] as const)('OPENAI_API %s with the address %s means %s', async (OPENAI_API, OPENAI_BASE_URL, expected) => {
  const given = { OPENAI_API_KEY: 'sk-test', OPENAI_API, OPENAI_BASE_URL };
  const env = readEnv({ file: 'none', processEnv: given });

  const { client } = await chatClientFromEnv({ env, onNotice: noNotice });

  expect(client).toBeInstanceOf(expected === 'responses' ? OpenAIResponsesClient : OpenAIChatCompletionsClient);
});

test('OPENAI_API applies to the demo model and to Azure too', async () => {
  const env = { OPENAI_API: 'chat_completions' };
  await using demo = await chatClientFromEnv({ env, onNotice: () => {} });
  const azure = { ...azureEnv('https://res.openai.azure.com'), OPENAI_API: 'responses' };
  await using configured = await chatClientFromEnv({ env: azure, onNotice: noNotice });

  expect(demo.client).toBeInstanceOf(OpenAIChatCompletionsClient);
  expect(configured.client).toBeInstanceOf(OpenAIResponsesClient);
});

test('any other OPENAI_API is refused, and the error lists the valid values', async () => {
  const env = { OPENAI_API: 'completions' };

  await expect(chatClientFromEnv({ env, api: 'responses', onNotice: noNotice })).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'OPENAI_API is "completions"; valid values are responses and chat_completions.',
  });
});

test('the API that the program asks for overrides OPENAI_API', async () => {
  using model = mockModel(reply('Hi.'));
  const env = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.baseURL, OPENAI_API: 'responses' };
  await using configured = await chatClientFromEnv({ env, api: 'chat_completions', onNotice: noNotice });

  await new Agent({ client: configured.client }).run('Hello?');

  expect(model.requests[0]).toMatchObject({ api: 'chat_completions', path: '/v1/chat/completions' });
});

test('Azure is asked over Chat Completions at its deployment, with api-key and API version', async () => {
  using model = mockModel(reply('Hi.'));
  // What belongs to an OpenAI account must not reach Azure, and must not be in its way.
  vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1');
  vi.stubEnv('OPENAI_ORG_ID', 'org-1');
  vi.stubEnv('OPENAI_PROJECT_ID', 'proj-1');
  await using configured = await chatClientFromEnv({ env: azureEnv(model.origin), onNotice: noNotice });

  await new Agent({ client: configured.client }).run('Hello?');

  expect(configured).toMatchObject({ provider: 'azure', model: 'my-gpt' });
  const [request] = model.requests;
  expect(request).toMatchObject({
    api: 'chat_completions',
    path: '/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21',
  });
  expect(request!.headers).toMatchObject({ 'api-key': 'azure-key' });
  expect(request!.headers).not.toHaveProperty('authorization');
  expect(request!.headers).not.toHaveProperty('openai-organization');
  expect(request!.headers).not.toHaveProperty('openai-project');
});

test('Responses on Azure goes to the v1 surface, which takes no API version', async () => {
  using model = mockModel(reply('Hi.'));
  await using configured = await chatClientFromEnv({
    env: azureEnv(model.origin),
    api: 'responses',
    onNotice: noNotice,
  });

  await new Agent({ client: configured.client }).run('Hello?');

  expect(model.requests[0]).toMatchObject({
    api: 'responses',
    path: '/openai/v1/responses',
    body: { model: 'my-gpt' },
  });
});

test.each(['responses', 'chat_completions'] as const)('without a key the demo model answers over %s', async (api) => {
  const lines: string[] = [];
  await using configured = await chatClientFromEnv({ env: {}, api, onNotice: (line) => lines.push(line) });

  const answer = await new Agent({ client: configured.client }).run('How old is Python? Answer with a year only.');

  expect(answer.text).toBe('1991');
  expect(configured).toMatchObject({ provider: 'demo', model: 'demo' });
  expect(lines).toEqual([expect.stringContaining('demo model')]);
});

test('the notice is one line on stderr when nobody takes it', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

  await using _ = await chatClientFromEnv({ env: {} });

  expect(write.mock.calls).toEqual([[expect.stringMatching(/^No OPENAI_API_KEY .*\n$/)]]);
});

test('a half-configured provider is refused before any model is there', async () => {
  await expect(chatClientFromEnv({ env: { LLM_PROVIDER: 'azure' } })).rejects.toMatchObject({ code: 'config_invalid' });
});

test('a real model is one that is configured completely', () => {
  expect(hasRealModel({})).toBe(false);
  expect(hasRealModel({ OPENAI_API_KEY: 'sk-1' })).toBe(true);
  expect(hasRealModel({ LLM_PROVIDER: 'azure', AZURE_OPENAI_KEY: 'k' })).toBe(false);
  expect(hasRealModel(azureEnv('https://res.openai.azure.com'))).toBe(true);
});

function azureEnv(endpoint: string) {
  return {
    LLM_PROVIDER: 'azure',
    AZURE_OPENAI_ENDPOINT: endpoint,
    AZURE_OPENAI_KEY: 'azure-key',
    AZURE_OPENAI_DEPLOYMENT: 'my-gpt',
  };
}
