// The cancel goes out with the event, and the waiting ends with the run.
import type { Agent } from '@turnstream/core';

export async function compare(agent: Agent, signal: AbortSignal): Promise<string | null> {
  const run = await agent.runInBackground('Compare the tents Lofoten and Sahara.');
  const cancelled = Promise.withResolvers<null>();
  signal.addEventListener('abort', () => void run.cancel().then(() => cancelled.resolve(null), cancelled.reject));
  const answer = run.wait().then(({ text, status }) => (status === 'cancelled' ? null : text));
  return Promise.race([answer, cancelled.promise]);
}
