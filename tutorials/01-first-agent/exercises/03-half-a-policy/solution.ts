// The status says whether the answer is complete.
import { Agent, type ChatClient } from '@turnstream/core';

/** The answer for the customer; null when it is incomplete. */
export async function answerFor(client: ChatClient, question: string): Promise<string | null> {
  const agent = new Agent({ client, instructions: 'You answer for a small shop.' });
  const answer = await agent.run(question);
  return answer.status === 'completed' ? answer.text : null;
}
