// The same with a list of the statuses that end a run.
import type { BackgroundRun } from '@turnstream/core';

const ENDED: readonly string[] = ['completed', 'incomplete', 'failed', 'cancelled', 'expired'];

export async function waitFor(run: BackgroundRun, pause: (ms: number) => Promise<void>): Promise<string> {
  for (;;) {
    const status = await run.poll();
    if (ENDED.includes(status)) return (await run.wait()).text;
    await pause(run.retryAfterMs ?? 1_000);
  }
}
