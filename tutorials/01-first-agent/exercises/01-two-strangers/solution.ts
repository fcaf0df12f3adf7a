// What happened: each run sends the instructions and its own question, and nothing else.
import { Agent, type ChatClient } from '@turnstream/core';

/** How many messages, instructions aside, does the model get with the second question? */
export const messagesInSecondRequest: number | undefined = 1;

/** Does the second request carry the instructions too? */
export const instructionsSentAgain: boolean | undefined = true;

export async function askBoth(client: ChatClient): Promise<void> {
  const agent = new Agent({ client, instructions: 'Answer in one short sentence.' });
  await agent.run('What is the capital of France?');
  await agent.run('How many people live there?');
}
