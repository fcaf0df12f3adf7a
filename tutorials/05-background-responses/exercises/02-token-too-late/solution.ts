// The token is on disk before the waiting begins.
import type { Agent } from '@turnstream/core';

export interface Server {
  /** Writes to disk. */
  readonly save: (token: string) => Promise<void>;
  /** Aborts when the server goes down. */
  readonly signal: AbortSignal;
}

export async function orderList(agent: Agent, { save, signal }: Server): Promise<string> {
  const run = await agent.runInBackground('List all my orders since 2019.');
  await save(JSON.stringify(run));
  const answer = await run.wait({ signal });
  return answer.text;
}
