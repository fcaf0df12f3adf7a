// After the loop the answer is complete: a truncated stream throws.
import type { Agent } from '@turnstream/core';

/** Writes the answer for a customer: one that is `known`, or what the model says. */
export async function answer(
  agent: Agent,
  question: string,
  known: Map<string, string>,
  write: (text: string) => void,
): Promise<void> {
  const kept = known.get(question);
  if (kept !== undefined) return write(kept);
  let text = '';
  for await (const update of agent.runStreaming(question)) {
    text += update.text;
    write(update.text);
  }
  known.set(question, text);
}
