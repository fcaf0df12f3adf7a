// Fix: the page stops waiting, but the service keeps writing.
import type { Agent } from '@turnstream/core';

export async function compare(agent: Agent, signal: AbortSignal): Promise<string | null> {
  const run = await agent.runInBackground('Compare the tents Lofoten and Sahara.');
  try {
    const answer = await run.wait({ signal });
    return answer.text;
  } catch (error) {
    if (!signal.aborted) throw error;
    return null;
  }
}
