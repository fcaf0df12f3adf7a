// The tool writes to the log itself, and its result names no server.
import { Agent, type ChatClient, tool } from '@turnstream/core';
import * as z from 'zod';

/** Answers a question with the help of `findOrder`, which may throw. Only the shop reads `log`. */
export async function ask(
  client: ChatClient,
  question: string,
  findOrder: (order: string) => string,
  log: (line: string) => void,
): Promise<string> {
  const lookUp = tool({
    name: 'look_up_order',
    description: 'Say where an order is.',
    parameters: z.object({ order: z.string() }),
    execute: ({ order }) => {
      try {
        return findOrder(order);
      } catch (error) {
        log(`look_up_order failed: ${String(error)}`);
        return 'Orders cannot be looked up at the moment.';
      }
    },
  });
  const agent = new Agent({ client, tools: [lookUp] });
  const answer = await agent.run(question);
  if (answer.status !== 'completed') log(`answer: ${answer.status}`);
  return answer.text;
}
