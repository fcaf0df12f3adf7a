// Fix: a restart during the work loses access to the run.
import type { Agent } from '@turnstream/core';

export interface Server {
  /** Writes to disk. */
  readonly save: (token: string) => Promise<void>;
  /** Aborts when the server goes down. */
  readonly signal: AbortSignal;
}

export async function orderList(agent: Agent, { save, signal }: Server): Promise<string> {
  const run = await agent.runInBackground('List all my orders since 2019.');
  const answer = await run.wait({ signal });
  await save(JSON.stringify(run));
  return answer.text;
}
