// Writes fragments unchanged, and one newline at the end.
import type { Agent } from '@turnstream/core';

/** Prints to stdout, where the printer is. */
export async function print(agent: Agent, question: string): Promise<void> {
  for await (const update of agent.runStreaming(question)) process.stdout.write(update.text);
  process.stdout.write('\n');
}
