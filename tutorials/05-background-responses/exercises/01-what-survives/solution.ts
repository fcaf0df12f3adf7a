// What happened: the service kept working, and the turn was not yet in the session because nobody had fetched it.
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

/** What the model writes, if it writes anything. */
export const SUMMARY = 'Two pairs of shoes came back.';

/** The text that `morning` returns: `SUMMARY`, or null if it cannot get one. */
export const answerAfterRestart: string | null | undefined = SUMMARY;

/** How many messages (questions and answers) the session has in the file that `evening` writes. */
export const messagesOnDisk: number | undefined = 0;

/** How often the model is asked to write something, evening and morning together. */
export const modelCalls: number | undefined = 1;

export async function evening(client: ChatClient): Promise<string> {
  const agent = new Agent({ client });
  const session = agent.createSession();
  const run = await agent.runInBackground("Summarize today's returns.", { session });
  return JSON.stringify({ run, session });
}

export async function morning(client: ChatClient, disk: string): Promise<string> {
  const stored = JSON.parse(disk) as { run: unknown; session: unknown };
  const agent = new Agent({ client });
  const session = AgentSession.fromJSON(stored.session);
  const run = agent.resumeBackground(stored.run, { session });
  const answer = await run.wait();
  return answer.text;
}
