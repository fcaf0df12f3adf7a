import { Agent, tool } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { callTool, reply } from '@turnstream/testkit';
import * as z from 'zod';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { runWithConsent } = await load('runWithConsent');
  const { client, requests } = await model(
    callTool('refund', { order: '1001', euros: 20 }),
    callTool('refund', { order: '1002', euros: 900 }),
    reply('I refunded order 1001.'),
  );
  const paid: string[] = [];
  const refund = tool({
    name: 'refund',
    description: 'Pay the price of an order back.',
    parameters: z.object({ order: z.string(), euros: z.number() }),
    approval: 'always',
    execute: ({ order, euros }) => paid.push(`${order}: ${euros}`) && `Order ${order} is refunded.`,
  });
  const agent = new Agent({ client, tools: [refund] });
  const shown: string[] = [];

  const answer = await runWithConsent(agent, 'Refund 1001, please.', agent.createSession(), async (text) => {
    shown.push(text);
    return text.includes('1001');
  });

  const wasAsked = (part: string): boolean => shown.some((text) => text.includes(part));
  const questions = shown.join(' / ') || 'nothing';
  expected('somebody to be asked about the refund of 20 euros', wasAsked('20'), `they were shown: ${questions}`);
  const unasked = `${paid.includes('1002: 900') ? 'it went out' : 'it was decided'} unasked`;
  expected('somebody to be asked about the refund of 900 euros', wasAsked('900'), unasked);
  equal('the refunds that were paid', paid, ['1001: 20']);
  const decision = requests[2]?.messages.findLast(({ role }) => role === 'tool')?.text;
  equal('what the model read of the second refund', decision, 'Error: Tool call invocation was rejected by user.');
  equal('the answer', answer.text, 'I refunded order 1001.');
});
