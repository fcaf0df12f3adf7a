// Processes of their own that write to the storage of a history until they are done or killed.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HistoryProvider } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';
import type { HistoryRig, OtherProcess } from './history-check.ts';

/** What a process does: `history-writer` adds turns, `history-rewinder` takes some of them back. */
export type Program = 'history-writer' | 'history-rewinder';

export interface Job {
  readonly session: SessionKey;
  /** What the names of its turns begin with. */
  readonly name: string;
  readonly turns: number;
  /** Gets each line the process writes; the lines of a killed one as far as they came. */
  readonly onLine: (line: string) => void;
}

/** Disposing kills the process if it has not ended, and waits for its last line. */
export interface Writer extends AsyncDisposable {
  /** Resolves when it has ended and its last line was read. */
  readonly closed: Promise<unknown>;
  readonly child: ChildProcessByStdio<null, Readable, null>;
}

export function startWriter(
  { otherProcess }: HistoryRig,
  program: Program,
  { session, name, turns, onLine }: Job,
): Writer {
  const { module, argument } = otherProcess as OtherProcess;
  // Sources run as they are; beside a built file there is a built one.
  const file = fileURLToPath(new URL(`./${program}${import.meta.url.slice(-3)}`, import.meta.url));
  const values = [file, module, argument, session.sessionId, name, String(turns)];
  const child = spawn(process.execPath, values, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout }).on('line', onLine);
  const closed = Promise.all([once(child, 'close'), once(lines, 'close')]);
  return {
    child,
    closed,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Kills the process a random moment after `isReady` holds. Rejects when it ends by itself before. */
export async function killWhen(writer: Writer, isReady: () => boolean): Promise<void> {
  const { child, closed } = writer;
  while (!isReady()) {
    await Promise.race([once(child.stdout, 'data'), closed]);
    if (child.exitCode !== null) throw new Error(`the writer ended by itself: ${child.exitCode}`);
  }
  await delay(Math.random() * 4);
  await writer[Symbol.asyncDispose]();
}

/** Another handle on the storage. */
export async function reopen(rig: HistoryRig): Promise<HistoryProvider> {
  if (rig.reopen === undefined) throw new Error('the rig has no reopen');
  return rig.reopen();
}

/** Writers at a time: they wait for the disk more than they work. */
const LANES = 4;

/** Does the work `count` times, on a few lanes at once, and rejects as soon as one of them has. */
export async function onLanes(
  count: number,
  work: (lane: { readonly times: number; readonly hasFailed: () => boolean }) => Promise<void>,
): Promise<void> {
  let failed = false;
  const lanes = Math.min(LANES, count);
  const outcomes = await Promise.allSettled(
    Array.from({ length: lanes }, (_, lane) =>
      work({ times: Math.floor((count + lane) / lanes), hasFailed: () => failed }).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
