// The same with the instructions of one run.
import { Agent, type ChatClient } from '@turnstream/core';

export const INSTRUCTIONS = 'Answer in one short sentence.';

export async function ask(client: ChatClient, question: string): Promise<string> {
  const { text } = await new Agent({ client }).run(question, { instructions: INSTRUCTIONS });
  return text;
}
