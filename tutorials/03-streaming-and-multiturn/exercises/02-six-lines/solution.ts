// Every update is written when it comes; those without text say nothing to a reader.
import type { Agent } from '@turnstream/core';

export async function stream(agent: Agent, question: string, write: (text: string) => void): Promise<void> {
  for await (const update of agent.runStreaming(question)) {
    if (update.text !== '') write(update.text);
  }
  write('\n');
}
