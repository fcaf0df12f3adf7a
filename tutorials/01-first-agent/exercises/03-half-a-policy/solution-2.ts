// The same with the finish reason.
import { Agent, type ChatClient } from '@turnstream/core';

/** The answer for the customer; null when it is incomplete. */
export async function answerFor(client: ChatClient, question: string): Promise<string | null> {
  const agent = new Agent({ client, instructions: 'You answer for a small shop.' });
  const { text, finishReason } = await agent.run(question);
  if (finishReason !== 'stop') return null;
  return text;
}
