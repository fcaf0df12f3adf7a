// Two processes that both read a conversation before either stores its turn, in one store after the other.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { contestedStores } from './contested-stores.ts';

export interface RaceResult {
  /** The questions of the stored turns. */
  readonly stored: readonly string[];
  /** The error codes the processes got, for example `history_conflict`. */
  readonly codes: readonly string[];
}

/** What a process reports: it has read the conversation and waits to store its turn, or its turn failed. */
export type Report = 'midway' | { readonly name: string; readonly code: string };

/** The result of each store, by its name. Every store keeps its data in the folder. */
export async function race(folder: string, questions: readonly string[]): Promise<ReadonlyMap<string, RaceResult>> {
  const writer = new URL('race-writer.ts', import.meta.url);
  const writers = questions.map((question) => fork(writer, [folder, question]));
  const refusals: Exclude<Report, 'midway'>[] = [];
  let midway = 0;
  for (const child of writers) {
    child.on('message', (report: Report) => {
      if (report === 'midway') midway += 1;
      else refusals.push(report);
      if (report === 'midway' && midway % writers.length === 0) for (const each of writers) each.send('go on');
    });
  }
  try {
    await Promise.all(writers.map(endOf));
  } finally {
    for (const child of writers) child.kill();
  }
  const results = new Map<string, RaceResult>();
  for (const [name, storeIn] of Object.entries(contestedStores)) {
    const text = await storeIn(folder).stored();
    const codes = refusals.filter((refusal) => refusal.name === name).map(({ code }) => code);
    results.set(name, { stored: questions.filter((question) => text.includes(question)), codes });
  }
  return results;
}

async function endOf(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`A process of the race ended with exit code ${code}.`);
}
