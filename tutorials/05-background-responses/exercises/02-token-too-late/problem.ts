// Fix: a restart in the middle of the work loses the way back to it.
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
