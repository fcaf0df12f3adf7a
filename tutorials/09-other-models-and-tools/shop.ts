// The shop's chat: instructions and a tool, and nothing that says which model answers.
import { Agent, type ChatClient, tool } from '@turnstream/core';
import { z } from 'zod';

const stock = tool({
  name: 'stock',
  description: 'How many of an item are in stock.',
  parameters: z.object({ item: z.string() }),
  execute: ({ item }) => (item === 'Teapot' ? '3' : '0'),
});

export function shopChat(client: ChatClient): Agent {
  return new Agent({ client, name: 'shop', instructions: 'You are the chat of a small shop.', tools: [stock] });
}
