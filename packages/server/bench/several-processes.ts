// What several processes on one Postgres do: background runs and chats, what each costs, and what they cost at rest.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackgroundModelOptions, startBackgroundModel } from './background-model.ts';
import { openPlace, type Place } from './place.ts';
import { type Counts, PostgresCounts } from './postgres-counts.ts';
import { Processes } from './processes.ts';
import { startTimedModel } from './timed-model.ts';

const RUNS = 96;
/** Owners share the slots, so one would leave half of them free. */
const OWNERS = 16;
const ANSWER: BackgroundModelOptions = { words: 20, wordChars: 6, everyMs: 5 };
const LONG_ANSWER: BackgroundModelOptions = { ...ANSWER, words: 1_000 };
const CHATS = { clients: 16, forMs: 5_000 };
const LOOK_MS = 20;

export interface ProcessCosts {
  readonly runsPerSecond: number;
  readonly cpuMsPerRun: number;
  readonly transactionsPerRun: number;
  readonly walBytesPerRun: number;
  readonly diskBytesPerEvent: number;
  /** In a process that only hears of the run; NaN when there is no such process. */
  readonly cpuMsPerEventHeard: number;
  readonly chatsPerSecond: number;
  readonly cpuMsPerChat: number;
  readonly transactionsPerChat: number;
  readonly connections: number;
  /** Of all processes together. */
  readonly restingTransactionsPerSecond: number;
  /** Of one process, in milliseconds of each second. */
  readonly restingCpuMs: number;
}

type Rest = Pick<ProcessCosts, 'restingTransactionsPerSecond' | 'restingCpuMs'>;

export async function measureProcesses(count: number): Promise<ProcessCosts> {
  await using place = await openPlace('postgres');
  const [, schema = ''] = place.address.split(' ');
  await using counts = await PostgresCounts.of(schema);
  const ofRuns = await measureRuns(place, counts, count);
  return {
    ...ofRuns,
    ...(await measureChats(place, counts, count, ofRuns)),
    cpuMsPerEventHeard: await measureHearing(place, counts, count, ofRuns),
  };
}

async function measureRuns(place: Place, counts: PostgresCounts, count: number) {
  await using model = await startBackgroundModel(ANSWER);
  await using processes = await Processes.start(count, model.baseURL, place);
  // Compiles, and fills the pools.
  await workOff(place, counts, OWNERS * count);
  const [quiet, cpuQuiet] = [await counts.settled(), await cpuOf(processes)];
  const [before, cpuBefore] = [await counts.settled(), await cpuOf(processes)];
  const restedMs = before.atMs - quiet.atMs;
  const rest: Rest = {
    restingTransactionsPerSecond: ((before.transactions - quiet.transactions) * 1_000) / restedMs,
    restingCpuMs: ((cpuBefore - cpuQuiet) * 1_000) / restedMs / count,
  };
  const tookMs = await workOff(place, counts, RUNS);
  const cpuMs = (await cpuOf(processes)) - cpuBefore;
  const connections = await counts.connections();
  const after = await counts.settled();
  return {
    ...rest,
    runsPerSecond: (RUNS * 1_000) / tookMs,
    cpuMsPerRun: cpuMs / RUNS,
    transactionsPerRun: transactionsBetween(before, after, rest) / RUNS,
    walBytesPerRun: (after.walBytes - before.walBytes) / RUNS,
    diskBytesPerEvent: await counts.bytesPerEvent(),
    connections,
  };
}

async function measureChats(place: Place, counts: PostgresCounts, count: number, rest: Rest) {
  await using model = await startTimedModel({ words: ANSWER.words, everyMs: 1 });
  await using processes = await Processes.start(count, model.baseURL, place);
  await processes.chat({ ...CHATS, forMs: 1_000 });
  const [before, cpuBefore] = [await counts.settled(), await cpuOf(processes)];
  const chats = await processes.chat(CHATS);
  const cpuMs = (await cpuOf(processes)) - cpuBefore;
  const after = await counts.settled();
  return {
    chatsPerSecond: (chats * 1_000) / CHATS.forMs,
    cpuMsPerChat: cpuMs / chats,
    transactionsPerChat: transactionsBetween(before, after, rest) / chats,
  };
}

/** What one run costs the processes that do not work on it. */
async function measureHearing(place: Place, counts: PostgresCounts, count: number, rest: Rest): Promise<number> {
  await using model = await startBackgroundModel(LONG_ANSWER);
  await using processes = await Processes.start(count, model.baseURL, place);
  await workOff(place, counts, 1);
  const before = await processes.cpuMs();
  const tookMs = await workOff(place, counts, 1);
  const after = await processes.cpuMs();
  // The one that worked has used the most.
  const hearing = after
    .map((cpuMs, index) => cpuMs - (before[index] ?? 0))
    .toSorted((a, b) => a - b)
    .slice(0, -1);
  return (sum(hearing) / hearing.length - (rest.restingCpuMs * tookMs) / 1_000) / LONG_ANSWER.words;
}

/** Leaves runs to the processes, and waits until the last one has ended. How long that took. */
async function workOff(place: Place, counts: PostgresCounts, runs: number): Promise<number> {
  await using opened = await place.open();
  const asked = { sessionId: null, message: 'Go', callbackUrl: null, key: null, maxOpen: RUNS, maxSessions: 10_000 };
  const startedAt = performance.now();
  for (let number = 0; number < runs; number += 1)
    await opened.store.runs.create({ owner: `owner ${number % OWNERS}`, ...asked });
  while ((await counts.openRuns()) > 0) await sleep(LOOK_MS);
  return performance.now() - startedAt;
}

function transactionsBetween(before: Counts, after: Counts, { restingTransactionsPerSecond }: Rest): number {
  const resting = (restingTransactionsPerSecond * (after.atMs - before.atMs)) / 1_000;
  return after.transactions - before.transactions - resting;
}

async function cpuOf(processes: Processes): Promise<number> {
  return sum(await processes.cpuMs());
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
