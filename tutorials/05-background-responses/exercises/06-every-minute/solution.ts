// One poll a minute; run and session go back to the disk whatever the result.
import { type Agent, AgentError, AgentSession } from '@turnstream/core';

export interface Disk {
  text: string;
}

export async function start(agent: Agent, session: AgentSession, disk: Disk): Promise<void> {
  const run = await agent.runInBackground('Report on my orders.', { session });
  disk.text = JSON.stringify({ run, session });
}

/** The report's text, or null when it is not there yet. */
export async function everyMinute(agent: Agent, disk: Disk): Promise<string | null> {
  const stored = JSON.parse(disk.text) as { run: unknown; session: unknown };
  const session = AgentSession.fromJSON(stored.session);
  const run = agent.resumeBackground(stored.run, { session });
  const status = await run.poll().catch((error: unknown) => {
    if (error instanceof AgentError && error.retryable) return 'in_progress';
    throw error;
  });
  disk.text = JSON.stringify({ run, session });
  if (status === 'queued' || status === 'in_progress') return null;
  const answer = await run.wait();
  return answer.text;
}
