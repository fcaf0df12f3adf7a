// Build: wait for a background run by polling it.
import type { BackgroundRun } from '@turnstream/core';

export async function waitFor(run: BackgroundRun, pause: (ms: number) => Promise<void>): Promise<string> {
  const status = await run.poll();
  await pause(1_000);
  throw new Error(`TODO: one poll says "${status}"; go on until the run has ended`);
}
