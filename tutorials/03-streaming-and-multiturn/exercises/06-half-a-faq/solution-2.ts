// The final response says how the answer ended.
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
  const stream = agent.runStreaming(question);
  for await (const text of stream.textStream) write(text);
  const whole = await stream.finalResponse();
  if (whole.status === 'completed') known.set(question, whole.text);
}
