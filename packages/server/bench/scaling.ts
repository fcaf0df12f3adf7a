// What docs/understand/scaling.md quotes: what a stream costs its process, and what 1, 2 and 4 processes on one Postgres do.
// Everything here runs on one machine, model and clients included. Postgres is the one that DATABASE_URL names. What it
// counts is counted for the whole database, so nothing else should use it. Run: node bench/scaling.ts [--rounds 3]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureCommits } from './commits.ts';
import { percentile, positive } from './figures.ts';
import { measureStreams, type StreamCosts } from './one-process.ts';
import { measureProcesses, type ProcessCosts } from './several-processes.ts';

const PROCESSES = [1, 2, 4];

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = positive('rounds', values.rounds);
const load = (): string =>
  loadavg()
    .slice(0, 1)
    .map((minute) => minute.toFixed(1))
    .join();

console.log(`Medians of ${rounds}. Load of the machine before: ${load()}.\n`);
const streams = await repeated(measureStreams);
const ofStreams = (value: (costs: StreamCosts) => number): number => median(streams, value);
print('one process, chats as streams', [
  ['live heap without a stream, MiB', ofStreams(({ atRest }) => atRest.liveBytes / 2 ** 20)],
  ['resident without a stream, MiB', ofStreams(({ atRest }) => atRest.residentBytes / 2 ** 20)],
  ['live heap for one more open stream, KiB', ofStreams(({ perStream }) => perStream.liveBytes / 2 ** 10)],
  ['resident for one more open stream, KiB', ofStreams(({ perStream }) => perStream.residentBytes / 2 ** 10)],
  ['CPU for one more event, ms', ofStreams(({ cpuMsPerEvent }) => cpuMsPerEvent)],
]);

const measured: (readonly ProcessCosts[])[] = [];
for (const count of PROCESSES) measured.push(await repeated(() => measureProcesses(count)));
const each = (value: (costs: ProcessCosts) => number): readonly number[] => measured.map((all) => median(all, value));
print(
  'processes on one Postgres',
  [
    ['background runs a second', ...each((costs) => costs.runsPerSecond)],
    ['CPU of all processes for a run, ms', ...each((costs) => costs.cpuMsPerRun)],
    ['transactions for a run', ...each((costs) => costs.transactionsPerRun)],
    ['bytes of log for a run, KiB', ...each((costs) => costs.walBytesPerRun / 2 ** 10)],
    ['bytes on disk for an event, with its index', ...each((costs) => costs.diskBytesPerEvent)],
    ['CPU to hear of an event, ms', ...each((costs) => costs.cpuMsPerEventHeard)],
    ['chats a second', ...each((costs) => costs.chatsPerSecond)],
    ['CPU of all processes for a chat, ms', ...each((costs) => costs.cpuMsPerChat)],
    ['transactions for a chat', ...each((costs) => costs.transactionsPerChat)],
    ['connections', ...each((costs) => costs.connections)],
    ['at rest: transactions a second', ...each((costs) => costs.restingTransactionsPerSecond)],
    ['at rest: CPU of one process, ms a second', ...each((costs) => costs.restingCpuMs)],
  ],
  PROCESSES,
);
const commits = await repeated(measureCommits);
const plain = median(commits, ({ plainPerSecond }) => plainPerSecond);
print('Postgres by itself, 16 connections', [
  ['commits a second of one row', plain],
  [
    'with an announcement, times that',
    median(commits, ({ announcedPerSecond, plainPerSecond }) => announcedPerSecond / plainPerSecond),
  ],
]);
console.log(`Load of the machine after: ${load()}.`);

async function repeated<T>(measure: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measure());
  return all;
}

function median<T>(all: readonly T[], value: (measured: T) => number): number {
  return percentile(all.map(value), 0.5);
}

function print(
  title: string,
  rows: readonly (readonly [string, ...number[]])[],
  heads: readonly (string | number)[] = [''],
): void {
  const line = (first: string, cells: readonly string[]): string =>
    `${first.padEnd(48)}${cells.map((cell) => cell.padStart(10)).join('')}`.trimEnd();
  console.log(line(title, heads.map(String)));
  for (const [name, ...cells] of rows) console.log(line(name, cells.map(figure)));
  console.log('');
}

function figure(value: number): string {
  if (Number.isNaN(value)) return '-';
  return value.toFixed(value < 10 ? 2 : 0);
}
