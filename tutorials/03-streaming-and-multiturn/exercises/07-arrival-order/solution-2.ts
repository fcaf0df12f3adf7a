// Grouped when all fragments are there.
import type { AgentResponseUpdate } from '@turnstream/core';

/** The arguments of each tool call, as the model wrote them. */
export async function callsIn(updates: AsyncIterable<AgentResponseUpdate>): Promise<string[]> {
  const all = await Array.fromAsync(updates);
  const fragments = all.flatMap(({ contents }) => contents.filter((content) => content.type === 'function_call'));
  const byCall = Map.groupBy(fragments, ({ callId }) => callId);
  return [...byCall.values()].map((parts) => parts.map((part) => part.arguments).join(''));
}
