// Fix: every update is a line of its own.
import type { Agent } from '@turnstream/core';

/** Prints to stdout, where the printer is. */
export async function print(agent: Agent, question: string): Promise<void> {
  for await (const update of agent.runStreaming(question)) {
    console.log(update.text);
  }
}
