// The article's tests of this chapter under their own names, with exact expectations, on both APIs.
import { chatClientFromEnv, hasRealModel } from '@turnstream/config';
import type { ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { httpError, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { firstAgent, INSTRUCTIONS } from '../first-agent.ts';

const settings = { model: 'gpt-4.1', apiKey: 'test-key', maxRetries: 0 };
const bothApis: readonly [string, (baseURL: string) => ChatClient][] = [
  ['Responses', (baseURL) => new OpenAIResponsesClient({ ...settings, baseURL })],
  ['Chat Completions', (baseURL) => new OpenAIChatCompletionsClient({ ...settings, baseURL })],
];

test('test_build_agent_uses_instructions, Agent_Name_Is_Set', () => {
  const agent = firstAgent(new OpenAIResponsesClient({ ...settings, baseURL: 'http://model.test/v1' }));

  expect(agent).toMatchObject({ instructions: INSTRUCTIONS, name: 'first-agent' });
});

test.each(bothApis)(
  'test_ask_returns_canned_answer, Agent_Returns_Canned_Answer_From_Stub_Client, over %s',
  async (_, clientFor) => {
    using model = mockModel(reply('Paris.'));

    const answer = await firstAgent(clientFor(model.baseURL)).run('What is the capital of France?');

    expect(answer).toMatchObject({ text: 'Paris.', status: 'completed' });
    expect(model.requests).toHaveLength(1);
  },
);

test.each(bothApis)(
  'test_system_instructions_reach_chat_client, Agent_Sends_System_Instructions, over %s',
  async (_, clientFor) => {
    using model = mockModel(reply('Canberra.'));

    await firstAgent(clientFor(model.baseURL)).run('What is the capital of Australia?');

    expect(model.requests[0]!.instructions).toBe(INSTRUCTIONS);
  },
);

test.each(bothApis)(
  'test_user_question_reaches_chat_client, Agent_Forwards_User_Question_To_Chat_Client, over %s',
  async (_, clientFor) => {
    using model = mockModel(reply('Ottawa.'));

    await firstAgent(clientFor(model.baseURL)).run('What is the capital of Canada?');

    expect(model.requests[0]!.messages).toEqual([{ role: 'user', text: 'What is the capital of Canada?' }]);
  },
);

test.each(bothApis)(
  'run asks for the whole answer at once: the request does not stream, over %s',
  async (_, clientFor) => {
    using model = mockModel(reply('Paris.'));

    await firstAgent(clientFor(model.baseURL)).run('What is the capital of France?');

    expect(model.requests[0]!.body['stream'] ?? false).toBe(false);
  },
);

test.each(bothApis)('two runs without a session know nothing of each other, over %s', async (_, clientFor) => {
  using model = mockModel(reply('Paris.'), reply('Of which country?'));
  const agent = firstAgent(clientFor(model.baseURL));

  await agent.run('What is the capital of France?');
  await agent.run('How many people live there?');

  expect(model.requests[1]!.texts).toEqual(['How many people live there?']);
});

test.each(bothApis)(
  'an error of the service reaches the caller as an AgentError with a code, over %s',
  async (_, clientFor) => {
    using model = mockModel(httpError(404, { code: 'model_not_found', message: 'No such model.' }));

    const run = firstAgent(clientFor(model.baseURL)).run('What is the capital of France?');

    await expect(run).rejects.toMatchObject({ name: 'AgentError', code: 'not_found' });
  },
);

for (const name of ['test_real_llm_answers_capital_of_france', 'Real_LLM_Returns_Paris_For_Capital_Of_France']) {
  test.skipIf(!hasRealModel())(`${name} (real LLM)`, { tags: ['real-model'] }, async () => {
    await using model = await chatClientFromEnv();
    const question = 'What is the capital of France? Answer with the city name only.';

    const answer = await firstAgent(model.client).run(question);

    expect(answer.text.toLowerCase()).toContain('paris');
  });
}
