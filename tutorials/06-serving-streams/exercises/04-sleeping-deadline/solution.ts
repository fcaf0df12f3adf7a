// A limit of the run is a timer: it fires while the loop waits, and closes the connection.
import type { Agent } from '@turnstream/core';

export async function answer(agent: Agent, question: string, limitMs: number): Promise<string> {
  let text = '';
  for await (const update of agent.runStreaming(question, { limits: { totalMs: limitMs } })) text += update.text;
  return text;
}
