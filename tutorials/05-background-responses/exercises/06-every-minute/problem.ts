// Build: one minute of a run that takes many, each in its own process.
import { type Agent, AgentSession } from '@turnstream/core';

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
  throw new Error(`TODO: poll run ${run.id} once, and leave the disk ready`);
}
