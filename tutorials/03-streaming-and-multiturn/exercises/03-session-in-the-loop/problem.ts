// Fix: every question begins a new conversation.
import type { Agent } from '@turnstream/core';

export async function chat(agent: Agent, questions: readonly string[], write: (text: string) => void): Promise<void> {
  for (const question of questions) {
    const session = agent.createSession();
    for await (const { text } of agent.runStreaming(question, { session })) write(text);
    write('\n');
  }
}
