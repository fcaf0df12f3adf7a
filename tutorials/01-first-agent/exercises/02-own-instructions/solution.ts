// The agent carries the instructions; the question stays as it was typed.
import { Agent, type ChatClient } from '@turnstream/core';

export const INSTRUCTIONS = 'Answer in one short sentence.';

export async function ask(client: ChatClient, question: string): Promise<string> {
  const agent = new Agent({ client, instructions: INSTRUCTIONS });
  const answer = await agent.run(question);
  return answer.text;
}
