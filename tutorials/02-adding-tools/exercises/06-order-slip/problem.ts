// Build: a tool, and then an answer as data.
import { Agent, type ChatClient } from '@turnstream/core';

export interface Slip {
  readonly order: string;
  readonly items: number;
  readonly gift: boolean;
}

/** `findOrder` returns the data of an order as text. */
export async function slipFor(
  client: ChatClient,
  order: string,
  findOrder: (order: string) => string,
): Promise<Slip | null> {
  const agent = new Agent({ client }); // TODO: give the agent a tool `look_up_order` with an argument `order`
  const { text } = await agent.run(`Write the slip for order ${order}: ${findOrder('TODO')}`);
  return text === '' ? null : (JSON.parse(text) as Slip); // TODO: nobody checks this
}
