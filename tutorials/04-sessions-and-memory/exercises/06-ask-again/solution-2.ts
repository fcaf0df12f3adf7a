// The question is read from the transcript, and asked as text.
import { Agent, AgentSession, type ChatClient, textOf } from '@turnstream/core';

export interface Again {
  readonly answer: string;
  /** The session as JSON, with the new answer in place of the old one. */
  readonly saved: string;
}

export async function askAgain(client: ChatClient, saved: string): Promise<Again> {
  const agent = new Agent({ client });
  const session = AgentSession.fromJSON(JSON.parse(saved));
  const turns = await agent.transcript(session);
  const question = turns.at(-1)?.find(({ role }) => role === 'user');
  await agent.rewind(session, { toTurn: turns.length - 1 });
  const { text } = await agent.run(question === undefined ? '' : textOf(question), { session });
  return { answer: text, saved: JSON.stringify(session) };
}
