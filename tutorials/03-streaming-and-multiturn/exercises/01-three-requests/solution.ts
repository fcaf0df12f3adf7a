// What happened: a stream is cold, and a turn is stored as a whole or not at all.
import { Agent, type ChatClient } from '@turnstream/core';

/** How many requests has the model got when the line that says HERE is reached? */
export const requestsBeforeTheLoop: number | undefined = 0;

/** How many messages, instructions aside, does the second request carry? */
export const messagesInSecondRequest: number | undefined = 3;

/** And the third one? */
export const messagesInThirdRequest: number | undefined = 3;

export async function threeQuestions(client: ChatClient, here: () => void): Promise<void> {
  const agent = new Agent({ client, instructions: 'You answer for a small shop.' });
  const session = agent.createSession();

  const first = agent.runStreaming('Do you sell mugs?', { session });
  here(); // HERE
  await first.finalResponse();

  for await (const update of agent.runStreaming('Tell me about each of them.', { session })) {
    if (update.text !== '') break;
  }

  await agent.run('Which is the largest?', { session });
}
