// The agent of this chapter. It holds no conversation, so any number of agents can continue the same one.
import { Agent, type ChatClient, type History } from '@turnstream/core';

export const INSTRUCTIONS = 'You are a helpful assistant. Keep answers short.';

/** Without a history each session keeps its own turns. */
export function statefulAgent(client: ChatClient, history?: History): Agent {
  return new Agent({ client, instructions: INSTRUCTIONS, name: 'stateful-agent', history });
}
