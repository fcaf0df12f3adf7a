// The token is saved after each update, so its position is the last word on the page.
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
    save(JSON.stringify(run));
  }
}

export async function resume(agent: Agent, token: string, page: Page): Promise<void> {
  await watch(agent.resumeBackground(JSON.parse(token)), page);
}
