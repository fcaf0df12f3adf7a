// Fix: the fragments of two calls are mixed up.
import type { AgentResponseUpdate } from '@turnstream/core';

/** The arguments of each tool call, as the model wrote them. */
export async function callsIn(updates: AsyncIterable<AgentResponseUpdate>): Promise<string[]> {
  const calls: string[] = [];
  let open = '';
  for await (const { contents } of updates) {
    for (const content of contents) {
      if (content.type !== 'function_call') continue;
      if (content.callId === open) calls.push((calls.pop() ?? '') + content.arguments);
      else calls.push(content.arguments);
      open = content.callId;
    }
  }
  return calls;
}
