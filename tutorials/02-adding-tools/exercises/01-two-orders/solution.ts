// What happened: both lookups ran concurrently, and the agent put their results in call order.
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type ChatClient, tool } from '@turnstream/core';
import * as z from 'zod';

/** How often is the model called for the one question? */
export const modelCalls: number | undefined = 2;

/** Which lookup finishes first, and which second? */
export const orderOfLookups: readonly string[] | undefined = ['1002', '1001'];

/** Whose result comes first in the next request, and whose second? */
export const orderOfResults: readonly string[] | undefined = ['1001', '1002'];

/** Calls `onDone` with each order when its lookup ends. The model asks for 1001 and then for 1002, in one answer. */
export async function ask(client: ChatClient, onDone: (order: string) => void): Promise<void> {
  const lookUp = tool({
    name: 'look_up_order',
    description: 'Say whether an order has left the shop.',
    parameters: z.object({ order: z.string() }),
    execute: async ({ order }) => {
      await wait(order === '1001' ? 40 : 1);
      onDone(order);
      return `Order ${order} has left the shop.`;
    },
  });
  const agent = new Agent({ client, tools: [lookUp] });
  await agent.run('Have orders 1001 and 1002 left the shop?');
}
