// What happened: the JSON carries the turns; the instructions are the agent's current ones.
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

/** How many messages, instructions aside, does the request of `evening` carry? */
export const messagesWithJson: number | undefined = 3;

/** Which instructions does it carry? */
export const instructionsWithJson: string | undefined = 'Be kind.';

/** How many messages does the request of `byId` carry? */
export const messagesWithIdOnly: number | undefined = 1;

export async function morning(client: ChatClient): Promise<string> {
  const agent = new Agent({ client, instructions: 'Be brief.' });
  const session = agent.createSession({ sessionId: 'ada' });
  await agent.run('My name is Ada. Do you have mugs?', { session });
  return JSON.stringify(session);
}

export async function evening(client: ChatClient, saved: string): Promise<void> {
  const agent = new Agent({ client, instructions: 'Be kind.' });
  const session = AgentSession.fromJSON(JSON.parse(saved));
  await agent.run('What is my name?', { session });
}

export async function byId(client: ChatClient): Promise<void> {
  const agent = new Agent({ client, instructions: 'Be kind.' });
  const session = agent.createSession({ sessionId: 'ada' });
  await agent.run('What is my name?', { session });
}
