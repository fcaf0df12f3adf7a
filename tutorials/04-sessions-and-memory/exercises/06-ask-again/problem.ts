// Build: the last question, asked once more.
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

export interface Again {
  readonly answer: string;
  /** The session as JSON, with the new answer in place of the old one. */
  readonly saved: string;
}

export async function askAgain(client: ChatClient, saved: string): Promise<Again> {
  const agent = new Agent({ client });
  const session = AgentSession.fromJSON(JSON.parse(saved));
  const answer = await agent.run('Another answer, please.', { session }); // TODO
  return { answer: answer.text, saved };
}
