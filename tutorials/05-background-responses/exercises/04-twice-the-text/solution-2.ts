// Saves when the stream ends, however it ends. A killed process would not get there.
import type { Agent, BackgroundRun } from '@turnstream/core';

export interface Page {
  readonly show: (text: string) => void;
  /** Keeps the token; the last one counts. */
  readonly save: (token: string) => void;
}

export async function watch(run: BackgroundRun, { show, save }: Page): Promise<void> {
  save(JSON.stringify(run));
  try {
    for await (const { text } of run.updates()) show(text);
  } finally {
    save(JSON.stringify(run));
  }
}

export async function resume(agent: Agent, token: string, page: Page): Promise<void> {
  await watch(agent.resumeBackground(JSON.parse(token)), page);
}
