// Child processes that write to the storage of a history until they finish or are killed.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HistoryProvider } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';
import type { HistoryRig, OtherProcess } from './history-check.ts';

/** Which program runs: `history-writer` appends turns, `history-rewinder` also truncates. */
export type Program = 'history-writer' | 'history-rewinder';

export interface Job {
  readonly session: SessionKey;
  /** Prefix of its turn names. */
  readonly name: string;
  readonly turns: number;
  /** Called with each line the process writes, up to the last complete one if it is killed. */
  readonly onLine: (line: string) => void;
}

/** Disposing kills the process if it is still running, and waits for its last line. */
export interface Writer extends AsyncDisposable {
  /** Resolves when the process has opened its history and waits for `begin()`, or when it has ended. */
  readonly opened: Promise<unknown>;
  /** Resolves when the process has ended and its last line was read. */
  readonly closed: Promise<unknown>;
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
}

export function startWriter(
  { otherProcess }: HistoryRig,
  program: Program,
  { session, name, turns, onLine }: Job,
): Writer {
  const { module, argument } = otherProcess as OtherProcess;
  // The child has the same extension as this file: `.ts` in the sources, `.js` once built.
  const file = fileURLToPath(new URL(`./${program}${import.meta.url.slice(-3)}`, import.meta.url));
  const values = [file, module, argument, session.sessionId, name, String(turns)];
  const child = spawn(process.execPath, values, { stdio: ['pipe', 'pipe', 'inherit'] });
  // EPIPE: the process may have ended before `begin()`.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout });
  const opened = once(lines, 'line').then(() => lines.on('line', onLine));
  const closed = Promise.all([once(child, 'close'), once(lines, 'close')]);
  return {
    child,
    opened: Promise.race([opened, closed]),
    closed,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Starts all writers together: otherwise the first could finish before the second has opened its history. */
export async function begin(...writers: readonly Writer[]): Promise<void> {
  await Promise.all(writers.map(({ opened }) => opened));
  for (const { child } of writers) child.stdin.write('\n');
}

/** Kills the process at a random moment after `isReady` holds. Rejects when it ends by itself first. */
export async function killWhen(writer: Writer, isReady: () => boolean): Promise<void> {
  const { child, closed } = writer;
  await begin(writer);
  while (!isReady()) {
    await Promise.race([once(child.stdout, 'data'), closed]);
    if (child.exitCode !== null) throw new Error(`the writer ended by itself: ${child.exitCode}`);
  }
  await delay(Math.random() * 4);
  await writer[Symbol.asyncDispose]();
}

/** A new handle on the storage. */
export async function reopen(rig: HistoryRig): Promise<HistoryProvider> {
  if (rig.reopen === undefined) throw new Error('the rig has no reopen');
  return rig.reopen();
}

/** Concurrent writers: they spend most of their time waiting for the disk. */
const LANES = 4;

/** Does the work `count` times, a few at once. Rejects as soon as one of them does. */
export async function onLanes(
  count: number,
  work: (lane: { readonly times: number; readonly hasFailed: () => boolean }) => Promise<void>,
): Promise<void> {
  let failed = false;
  // Two each at least: the second of a lane continues where a killed one stopped.
  const lanes = Math.min(LANES, Math.ceil(count / 2));
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
