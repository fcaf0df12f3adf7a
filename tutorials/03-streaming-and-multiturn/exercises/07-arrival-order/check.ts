import { Agent, tool } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { answer, callTool, reply } from '@turnstream/testkit';
import * as z from 'zod';
import type * as Problem from './problem.ts';

const lookUp = tool({
  name: 'look_up_order',
  description: 'Say where an order is.',
  parameters: z.object({ order: z.string() }),
  execute: ({ order }) => `Order ${order} has left the shop.`,
});

const call = (order: string): ReturnType<typeof callTool> => callTool('look_up_order', ['{"order":', `"${order}"}`]);

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { callsIn } = await load('callsIn');
  const { client } = await model(
    answer([call('1001'), call('1002')], { interleave: true }),
    reply('Both have left the shop.'),
    answer([call('1003'), call('1004')]),
    reply('These too.'),
  );
  const agent = new Agent({ client, tools: [lookUp] });

  const inTurns = await callsIn(agent.runStreaming('Where are orders 1001 and 1002?'));
  const oneByOne = await callsIn(agent.runStreaming('Where are orders 1003 and 1004?'));

  expected(
    'the arguments of 2 calls',
    inTurns.length === 2,
    `it returned ${counted(inTurns.length, 'text')}: ${inTurns.join('  ')}`,
  );
  equal('the arguments of calls that take turns', inTurns, ['{"order":"1001"}', '{"order":"1002"}']);
  equal('the arguments of calls one after the other', oneByOne, ['{"order":"1003"}', '{"order":"1004"}']);
});
