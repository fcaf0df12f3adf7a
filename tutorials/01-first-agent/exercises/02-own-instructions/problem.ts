// Fix: the instructions go out inside the question.
import { Agent, type ChatClient } from '@turnstream/core';

export const INSTRUCTIONS = 'Answer in one short sentence.';

export async function ask(client: ChatClient, question: string): Promise<string> {
  const agent = new Agent({ client });
  const answer = await agent.run(`${INSTRUCTIONS}\n\n${question}`);
  return answer.text;
}
