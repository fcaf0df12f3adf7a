// The status says whether the answer is whole.
import { Agent, type ChatClient } from '@turnstream/core';

/** The answer for the customer; null when there is no whole one. */
export async function answerFor(client: ChatClient, question: string): Promise<string | null> {
  const agent = new Agent({ client, instructions: 'You answer for a small shop.' });
  const answer = await agent.run(question);
  return answer.status === 'completed' ? answer.text : null;
}
