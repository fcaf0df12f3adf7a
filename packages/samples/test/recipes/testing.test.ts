// A test of a support agent: a scripted model in place of the real one, and the requests as the proof.
import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { callTool, mockModel, reply, truncateAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { refundOrder } from '../../src/recipes/consent.ts';

function support(baseURL: string): Agent {
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1-mini', apiKey: 'test', baseURL, maxRetries: 0 });
  return new Agent({ client, instructions: 'You answer customers of a small shop.', tools: [refundOrder] });
}

test('the second question carries the first turn', async () => {
  using model = mockModel(reply(['It is ', 'packed.']), reply('Tomorrow.'));
  const agent = support(model.baseURL);
  const session = agent.createSession();

  await agent.run('Where is order 7?', { session });
  await agent.run('When will it come?', { session });

  expect(model.requests[1]?.texts).toEqual(['Where is order 7?', 'It is packed.', 'When will it come?']);
});

test('a refund waits for consent', async () => {
  using model = mockModel(callTool('refund_order', { order: 7, cents: 4_200 }));

  const { approvals } = await support(model.baseURL).run('Refund order 7.');

  expect(approvals).toMatchObject([{ name: 'refund_order', arguments: '{"order":7,"cents":4200}' }]);
});

test('an answer that breaks off is an error and leaves no turn', async () => {
  const cut = reply(['It is ', 'packed.'], { fault: truncateAfter({ chunks: 1 }) });
  using model = mockModel(cut, reply('Packed.'));
  const agent = support(model.baseURL);
  const session = agent.createSession();

  await expect(agent.runStreaming('Where is order 7?', { session }).finalResponse()).rejects.toMatchObject({
    code: 'stream_truncated',
    partial: { text: 'It is ' },
  });
  await agent.run('Where is order 7?', { session });

  expect(model.requests[1]?.texts).toEqual(['Where is order 7?']);
});
