// Fix: the deadline is checked only when a word arrives.
import type { Agent } from '@turnstream/core';

export async function answer(agent: Agent, question: string, limitMs: number): Promise<string> {
  const deadline = Date.now() + limitMs;
  let text = '';
  for await (const update of agent.runStreaming(question)) {
    if (Date.now() > deadline) throw new Error('Please call us.');
    text += update.text;
  }
  return text;
}
