// What the child processes of a history contract share: they open the history, wait for the start, and report each change.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import type { HistoryProvider } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';

// Before the slow imports: a hundred children are started, and all but the first find them in the compile cache.
enableCompileCache();

export interface ChildJob {
  readonly history: HistoryProvider;
  readonly session: SessionKey;
  /** Prefix of its turn names. */
  readonly name: string;
  readonly turns: number;
}

/** Opens the history that the arguments name, says so, and resolves when the parent gives the start. */
export async function started(): Promise<ChildJob> {
  const [module = '', argument = '', sessionId = '', name = '', turns = ''] = process.argv.slice(2);
  const { openHistory } = (await import(module)) as {
    openHistory: (argument: string) => HistoryProvider | Promise<HistoryProvider>;
  };
  const history = await openHistory(argument);
  report('opened');
  await once(process.stdin, 'data');
  return { history, session: { sessionId }, name, turns: Number(turns) };
}

/** Synchronous: a line still buffered when the process is killed would be a change that nobody checks. */
export function report(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Very different lengths, so that a kill hits some in mid-write. */
export function fillerOf(turn: number): string {
  return ` ${'.'.repeat((turn * 7919) % 50_000)}`;
}
