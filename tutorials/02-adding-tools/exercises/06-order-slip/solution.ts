// The tool looks up the order, the schema shapes the answer.
import { Agent, type ChatClient, tool } from '@turnstream/core';
import * as z from 'zod';

export interface Slip {
  readonly order: string;
  readonly items: number;
  readonly gift: boolean;
}

const slip = z.object({ order: z.string(), items: z.number(), gift: z.boolean() });

/** `findOrder` returns the data of an order as text. */
export async function slipFor(
  client: ChatClient,
  order: string,
  findOrder: (order: string) => string,
): Promise<Slip | null> {
  const lookUp = tool({
    name: 'look_up_order',
    description: 'Say what is known of an order.',
    parameters: z.object({ order: z.string() }),
    execute: (wanted) => findOrder(wanted.order),
  });
  const agent = new Agent({ client, tools: [lookUp] });
  const { value } = await agent.run(`Write the slip for order ${order}.`, { output: slip });
  return value ?? null;
}
