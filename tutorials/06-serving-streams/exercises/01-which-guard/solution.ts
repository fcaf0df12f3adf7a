// What happened: until the first word only its own guard counts, and a slow reader does not count as silence.
import { setTimeout } from 'node:timers/promises';
import { Agent, AgentError, type ChatClient, type Limits } from '@turnstream/core';

export const LIMITS: Limits = { firstUpdateMs: 600, idleMs: 300, totalMs: 1_500 };

export type End = 'first_update_timeout' | 'idle_timeout' | 'total_timeout' | 'done';

/** The model accepts the question and never says a word. */
export const silentModel: End | undefined = 'first_update_timeout';

/** The model says two words and nothing after them. */
export const stuckModel: End | undefined = 'idle_timeout';

/** The model says a word every 50 ms, for three seconds. */
export const drippingModel: End | undefined = 'total_timeout';

/** The model says its two words at once. The reader takes 400 ms to read each of them. */
export const slowReader: End | undefined = 'done';

export async function endOf(client: ChatClient, readingMs: number): Promise<string> {
  const agent = new Agent({ client, limits: LIMITS });
  try {
    for await (const { text } of agent.runStreaming('When do you open?')) {
      if (text !== '') await setTimeout(readingMs);
    }
    return 'done';
  } catch (error) {
    return error instanceof AgentError ? error.code : String(error);
  }
}
