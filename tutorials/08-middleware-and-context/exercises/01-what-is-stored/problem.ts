// Predict: two questions, each with a note that a context provider adds.
import { Agent, type ChatClient, contextProvider, type Message } from '@turnstream/core';

/** How many messages does the session hold after both runs? */
export const storedMessages: number | undefined = undefined;

/** How many messages does the second request carry? */
export const sentMessages: number | undefined = undefined;

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
