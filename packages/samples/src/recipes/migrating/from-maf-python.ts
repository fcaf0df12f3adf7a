// What the Python program of the page does, line by line.
import { Agent, type ChatClient, tool } from '@turnstream/core';
import { z } from 'zod';

const orderStatus = tool({
  name: 'order_status',
  description: 'Where an order is.',
  parameters: z.object({ order: z.number().int() }),
  execute: ({ order }) => `Order ${order} is packed.`,
});

export async function main(client: ChatClient, write: (text: string) => void): Promise<void> {
  const agent = new Agent({ client, instructions: 'You answer customers.', tools: [orderStatus] });
  const session = agent.createSession();
  for (const question of ['Where is order 7?', 'And order 8?']) {
    for await (const update of agent.runStreaming(question, { session })) {
      if (update.text !== '') write(update.text);
    }
  }
  const response = await agent.run('Thanks!', { session });
  write(response.text);
}
