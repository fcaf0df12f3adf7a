import { createAnthropic } from '@ai-sdk/anthropic';
import { AISDKClient } from '@turnstream/ai-sdk';
import { Agent, tool } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { type ClaudeRequest, startLoopbackClaude } from '../../loopback-claude.ts';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { lessThinking } = await load('lessThinking');
  await using service = await startLoopbackClaude({ wordMs: 0 });
  const anthropic = createAnthropic({ baseURL: service.baseURL, apiKey: 'none' });
  const client = new AISDKClient({ model: anthropic('claude-sonnet-4-5'), maxRetries: 0 });
  const stock = tool({ name: 'stock', description: 'Counts.', execute: () => '3' });
  const agent = new Agent({ client, tools: [stock], middleware: [lessThinking] });
  const session = agent.createSession();

  await agent.runStreaming('Any teapots?', { session }).finalResponse();
  await agent.runStreaming('Still?', { session }).finalResponse();

  const [, afterCall, secondTurn, afterSecondCall] = service.requests.map(thoughtsIn);
  expected(
    'the thinking of a call to go back with its result',
    afterCall?.[0] === 'EqQBsigned',
    'the request after the call carried none, which Anthropic refuses',
  );
  equal('the thoughts that the next question is sent with', secondTurn, []);
  equal('the thoughts that its own result is sent with', afterSecondCall, ['EqQBsigned']);
});

/** The signatures of the thoughts in a request. */
function thoughtsIn({ messages }: ClaudeRequest): unknown[] {
  const blocks = messages.flatMap(({ content }) => content);
  return blocks.filter(({ type }) => type === 'thinking').map((block) => block['signature']);
}
