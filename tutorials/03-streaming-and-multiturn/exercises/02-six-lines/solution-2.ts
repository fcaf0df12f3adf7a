// The texts alone: the stream leaves out the updates that have none.
import type { Agent } from '@turnstream/core';

export async function stream(agent: Agent, question: string, write: (text: string) => void): Promise<void> {
  for await (const text of agent.runStreaming(question).textStream) write(text);
  write('\n');
}
