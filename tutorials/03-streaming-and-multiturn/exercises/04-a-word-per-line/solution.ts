// Fragments are written as they are, and the line ends once.
import type { Agent } from '@turnstream/core';

/** Prints to stdout, where the printer is. */
export async function print(agent: Agent, question: string): Promise<void> {
  for await (const update of agent.runStreaming(question)) process.stdout.write(update.text);
  process.stdout.write('\n');
}
