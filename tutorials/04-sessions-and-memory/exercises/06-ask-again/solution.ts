// The turn that `rewind` removes begins with the question.
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

export interface Again {
  readonly answer: string;
  /** The session as JSON, with the new answer in place of the old one. */
  readonly saved: string;
}

export async function askAgain(client: ChatClient, saved: string): Promise<Again> {
  const agent = new Agent({ client });
  const session = AgentSession.fromJSON(JSON.parse(saved));
  const [[question] = []] = await agent.rewind(session);
  if (question === undefined) throw new Error('There is nothing to ask again.');
  const answer = await agent.run(question, { session });
  return { answer: answer.text, saved: JSON.stringify(session) };
}
