// The same with a signal of the platform.
import type { Agent } from '@turnstream/core';

export async function answer(agent: Agent, question: string, limitMs: number): Promise<string> {
  const { text } = await agent.runStreaming(question, { signal: AbortSignal.timeout(limitMs) }).finalResponse();
  return text;
}
