// Copied into the consumer by check-packages: the testkit beside the Vitest version that the consumer has.
import '@turnstream/testkit/matchers';
import { Agent, MemoryHistory } from '@turnstream/core';
import { OpenAIChatCompletionsClient } from '@turnstream/openai';
import { mockModel, reply } from '@turnstream/testkit';
import { chatClientContract, historyContract } from '@turnstream/testkit/contracts';
import { expect, test } from 'vitest';

test('the matchers read a stream and a history', async () => {
  using model = mockModel(reply(['Hel', 'lo.']), reply('Again.'));
  const client = new OpenAIChatCompletionsClient({ model: 'test', apiKey: 'test', baseURL: model.baseURL });
  const agent = new Agent({ client });
  const session = agent.createSession();

  const updates = [];
  for await (const update of agent.runStreaming('Hi', { session })) updates.push(update);
  await agent.run('And?', { session });

  expect(updates).toBeStreamedInChunks(['Hel', 'lo.']);
  expect(model.requests).toGrowHistory();
});

historyContract('MemoryHistory', () => ({ history: new MemoryHistory() }), {
  without: ['reopen', 'spoil', 'otherProcess'],
});

chatClientContract('OpenAIChatCompletionsClient', ({ baseURL, model }) => {
  return new OpenAIChatCompletionsClient({ model, apiKey: 'test', baseURL, maxRetries: 0 });
});
