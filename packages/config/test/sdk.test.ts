// The official SDK's client from the same variables as the chat client.
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { isNativeExecution, sdkFromEnv } from '../src/index.ts';

const noNotice = (): never => {
  throw new Error('a configured model needs no notice');
};
const azure = {
  LLM_PROVIDER: 'azure',
  AZURE_OPENAI_KEY: 'azure-key',
  AZURE_OPENAI_DEPLOYMENT: 'my-gpt',
};

test('without a key it is the demo model, over Responses', async () => {
  const lines: string[] = [];
  await using configured = await sdkFromEnv({ env: {}, onNotice: (line) => lines.push(line) });

  const input = 'How old is Python? Answer with a year only.';
  const answer = await configured.openai.responses.create({ model: configured.model, input });

  expect(answer.output_text).toBe('1991');
  expect(configured.api).toBe('responses');
  expect(lines).toEqual([expect.stringContaining('the demo model on this machine answers')]);
});

test('OpenAI is asked with its key, over the API that is named', async () => {
  using model = mockModel(reply('Hi.'));
  const env = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.baseURL, OPENAI_API: 'responses' };

  const { openai, model: name, api } = await sdkFromEnv({ env, api: 'chat_completions', onNotice: noNotice });
  await openai.chat.completions.create({ model: name, messages: [{ role: 'user', content: 'Hello?' }] });

  expect(api).toBe('chat_completions');
  expect(model.requests[0]).toMatchObject({ path: '/v1/chat/completions', body: { model: 'gpt-4.1' } });
  expect(model.requests[0]!.headers).toMatchObject({ authorization: 'Bearer sk-test' });
});

test.each([
  ['chat_completions', '/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21'],
  ['responses', '/openai/v1/responses'],
] as const)('Azure is asked over %s at %s', async (api, path) => {
  using model = mockModel(reply('Hi.'));
  const env = { ...azure, AZURE_OPENAI_ENDPOINT: model.origin };

  const { openai, model: name } = await sdkFromEnv({ env, api, onNotice: noNotice });
  await (api === 'responses'
    ? openai.responses.create({ model: name, input: 'Hello?' })
    : openai.chat.completions.create({ model: name, messages: [{ role: 'user', content: 'Hello?' }] }));

  expect(model.requests[0]).toMatchObject({ path, body: { model: 'my-gpt' } });
});

test.each([
  [undefined, true],
  ['true', true],
  ['False', false],
])('MAF_NATIVE_EXECUTION %s is %s', (MAF_NATIVE_EXECUTION, expected) => {
  const env = MAF_NATIVE_EXECUTION === undefined ? {} : { MAF_NATIVE_EXECUTION };

  expect(isNativeExecution(env)).toBe(expected);
});

test('any other MAF_NATIVE_EXECUTION is refused, and the error lists the valid values', () => {
  expect(() => isNativeExecution({ MAF_NATIVE_EXECUTION: 'no' })).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: 'MAF_NATIVE_EXECUTION is "no"; valid values are true and false.',
    }),
  );
});
