// A call id says where a fragment belongs; a map keeps the order in which the calls began.
import type { AgentResponseUpdate } from '@turnstream/core';

/** The arguments of each tool call, as the model wrote them. */
export async function callsIn(updates: AsyncIterable<AgentResponseUpdate>): Promise<string[]> {
  const calls = new Map<string, string>();
  for await (const { contents } of updates) {
    for (const content of contents) {
      if (content.type !== 'function_call') continue;
      calls.set(content.callId, (calls.get(content.callId) ?? '') + content.arguments);
    }
  }
  return [...calls.values()];
}
