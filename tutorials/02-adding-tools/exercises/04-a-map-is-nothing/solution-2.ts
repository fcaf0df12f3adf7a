// Lines of text work too: the model reads text.
import { Agent, type ChatClient, tool } from '@turnstream/core';

/** `stock` says how many there are of each item. */
export async function ask(client: ChatClient, question: string, stock: ReadonlyMap<string, number>): Promise<string> {
  const listStock = tool({
    name: 'list_stock',
    description: 'List what is in stock, and how many of each.',
    execute: () => [...stock].map(([item, count]) => `${count} x ${item}`).join('\n'),
  });
  const agent = new Agent({ client, tools: [listStock] });
  const answer = await agent.run(question);
  return answer.text;
}
