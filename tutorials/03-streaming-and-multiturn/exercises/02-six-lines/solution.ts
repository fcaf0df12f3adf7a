// Writes every update as it arrives; those without text have nothing to show.
import type { Agent } from '@turnstream/core';

export async function stream(agent: Agent, question: string, write: (text: string) => void): Promise<void> {
  for await (const update of agent.runStreaming(question)) {
    if (update.text !== '') write(update.text);
  }
  write('\n');
}
