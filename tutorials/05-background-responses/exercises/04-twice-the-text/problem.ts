// Fix: text shown before the break is shown again after it.
import type { Agent, BackgroundRun } from '@turnstream/core';

export interface Page {
  readonly show: (text: string) => void;
  /** Keeps the token; the last one counts. */
  readonly save: (token: string) => void;
}

export async function watch(run: BackgroundRun, { show, save }: Page): Promise<void> {
  save(JSON.stringify(run));
  for await (const update of run.updates()) {
    show(update.text);
  }
}

export async function resume(agent: Agent, token: string, page: Page): Promise<void> {
  await watch(agent.resumeBackground(JSON.parse(token)), page);
}
