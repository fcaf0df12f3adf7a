// Build: the smallest streaming loop.
import type { Agent } from '@turnstream/core';

export async function stream(agent: Agent, question: string, write: (text: string) => void): Promise<void> {
  const answer = await agent.run(question);
  write(answer.text);
  write('\n');
}
