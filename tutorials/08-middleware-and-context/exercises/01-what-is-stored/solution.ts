// The note is sent in both runs and stored in neither: two questions and two answers remain.
import { Agent, type ChatClient, contextProvider, type Message } from '@turnstream/core';

/** How many messages does the session hold after both runs? */
export const storedMessages: number | undefined = 4;

/** How many messages does the second request carry? */
export const sentMessages: number | undefined = 4;

/** Resolves with the messages that the session holds. */
export async function talk(client: ChatClient): Promise<readonly Message[]> {
  const note = contextProvider({
    provide: () => ({ messages: [{ role: 'user', contents: 'Note: returns are free this week.' }] }),
  });
  const agent = new Agent({ client, middleware: [note] });
  const session = agent.createSession();
  await agent.run('Can I return a mug?', { session });
  await agent.run('And what does it cost?', { session });
  return (await agent.transcript(session)).flat();
}
