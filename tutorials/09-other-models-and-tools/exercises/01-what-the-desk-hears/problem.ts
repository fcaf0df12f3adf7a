// Predict: a chat asks its returns desk twice. What does the desk know the second time?
import { Agent, type ChatClient } from '@turnstream/core';

/** With `memory: 'none'`, how many messages does the desk's second request carry? */
export const withoutMemory: number | undefined = undefined;

/** And with `memory: 'session'`? */
export const withMemory: number | undefined = undefined;

/** Asks twice in one session, and the desk is asked both times. */
export async function talk(client: ChatClient, memory: 'none' | 'session'): Promise<void> {
  const desk = new Agent({ client, name: 'returns', instructions: 'You know the rules for returns.' });
  const shop = new Agent({
    client,
    name: 'shop',
    tools: [desk.asTool({ description: 'Knows the rules for returns.', memory })],
  });
  const session = shop.createSession();
  await shop.run('Can I return a mug?', { session });
  await shop.run('And a used one?', { session });
}
