// The same by the reason why the model stopped.
import { Agent, type ChatClient } from '@turnstream/core';

/** The answer for the customer; null when there is no whole one. */
export async function answerFor(client: ChatClient, question: string): Promise<string | null> {
  const agent = new Agent({ client, instructions: 'You answer for a small shop.' });
  const { text, finishReason } = await agent.run(question);
  if (finishReason !== 'stop') return null;
  return text;
}
