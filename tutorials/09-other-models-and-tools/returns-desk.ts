// A specialist, and the chat that may ask it.
import { Agent, type ChatClient, type Middleware, tool } from '@turnstream/core';

const rule = tool({
  name: 'return_window',
  description: 'For how long an item can be returned.',
  execute: () => '30 days, unused',
});

export function chatWithReturnsDesk(client: ChatClient, middleware: readonly Middleware[] = []): Agent {
  const desk = new Agent({
    client,
    name: 'returns',
    instructions: 'You know the rules for returns. Quote the rule.',
    tools: [rule],
    middleware,
  });
  return new Agent({
    client,
    name: 'shop',
    instructions: 'You are the chat of a small shop.',
    tools: [desk.asTool({ description: 'Knows the rules for returns.' })],
    middleware,
  });
}
