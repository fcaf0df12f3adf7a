// Two processes that both read the conversation before either stores its turn.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { contestedStores } from './contested-stores.ts';

export interface RaceResult {
  /** The questions of the stored turns. */
  readonly stored: readonly string[];
  /** The error codes the processes got, for example `history_conflict`. */
  readonly codes: readonly string[];
}

export async function race(name: string, folder: string, questions: readonly string[]): Promise<RaceResult> {
  const writer = new URL('race-writer.ts', import.meta.url);
  const writers = questions.map((question) => fork(writer, [name, folder, question]));
  const ended = Promise.all(writers.map(endOf));
  const codes: string[] = [];
  try {
    await Promise.race([Promise.all(writers.map((child) => once(child, 'message'))), ended]);
    for (const child of writers) {
      child.on('message', (code: string) => codes.push(code));
      child.send('go on');
    }
    await ended;
  } finally {
    for (const child of writers) child.kill();
  }
  const text = (await contestedStores[name]?.(folder).stored()) ?? '';
  return { stored: questions.filter((question) => text.includes(question)), codes };
}

async function endOf(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`A process of the race ended with exit code ${code}.`);
}
