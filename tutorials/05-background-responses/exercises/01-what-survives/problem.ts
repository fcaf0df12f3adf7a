// Predict: replace the three `undefined` before the check runs the code below.
import { Agent, AgentSession, type ChatClient } from '@turnstream/core';

/** What the model writes, if it writes anything. */
export const SUMMARY = 'Two pairs of shoes came back.';

/** The text that `morning` returns: `SUMMARY`, or null if it cannot get one. */
export const answerAfterRestart: string | null | undefined = undefined;

/** How many messages (questions and answers) the session has in the file that `evening` writes. */
export const messagesOnDisk: number | undefined = undefined;

/** How often the model is asked to write something, evening and morning together. */
export const modelCalls: number | undefined = undefined;

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
