// The agent of this chapter: it writes reports, which takes longer than anyone waits.
import { Agent, type ChatClient } from '@turnstream/core';

export const INSTRUCTIONS = 'You write thorough reports.';
export const QUESTION = 'Write a report on Python and Rust.';

export function reportAgent(client: ChatClient): Agent {
  return new Agent({ client, instructions: INSTRUCTIONS, name: 'report-agent' });
}
