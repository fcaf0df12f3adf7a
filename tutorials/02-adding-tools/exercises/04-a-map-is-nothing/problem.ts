// Fix: the model cannot read what the tool returns.
import { Agent, type ChatClient, tool } from '@turnstream/core';

/** `stock` says how many there are of each item. */
export async function ask(client: ChatClient, question: string, stock: ReadonlyMap<string, number>): Promise<string> {
  const listStock = tool({
    name: 'list_stock',
    description: 'List what is in stock, and how many of each.',
    execute: () => stock,
  });
  const agent = new Agent({ client, tools: [listStock] });
  const answer = await agent.run(question);
  return answer.text;
}
