// The smallest agent: a model and instructions.
import { Agent, type ChatClient } from '@turnstream/core';

export const INSTRUCTIONS = 'You are a concise geography assistant. Keep answers to one short sentence.';

export function firstAgent(client: ChatClient): Agent {
  return new Agent({ client, instructions: INSTRUCTIONS, name: 'first-agent' });
}
