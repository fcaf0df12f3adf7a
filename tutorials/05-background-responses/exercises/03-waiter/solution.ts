// Two statuses mean "not yet"; `wait` then returns the answer or throws the error.
import type { BackgroundRun } from '@turnstream/core';

const OPEN: readonly string[] = ['queued', 'in_progress'];

export async function waitFor(run: BackgroundRun, pause: (ms: number) => Promise<void>): Promise<string> {
  while (OPEN.includes(await run.poll())) await pause(run.retryAfterMs ?? 1_000);
  const answer = await run.wait();
  return answer.text;
}
