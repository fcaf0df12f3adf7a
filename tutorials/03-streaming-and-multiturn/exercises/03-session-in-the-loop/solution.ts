// One session for all questions of one customer.
import type { Agent } from '@turnstream/core';

export async function chat(agent: Agent, questions: readonly string[], write: (text: string) => void): Promise<void> {
  const session = agent.createSession(); // one session, many turns
  for (const question of questions) {
    for await (const { text } of agent.runStreaming(question, { session })) write(text);
    write('\n');
  }
}
