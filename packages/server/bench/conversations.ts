// New conversations on SQLite: how many one process begins and answers per second, and how long one of them blocks every
// stream of the process, because SQLite works in its thread.
// Run: node bench/conversations.ts [--conversations 500]
import { parseArgs } from 'node:util';
import type { Message } from '@turnstream/core';
import type { SqliteStoreOptions } from '../src/store/sqlite.ts';
import { openSqliteRig } from '../test/store/sqlite-rig.ts';
import { percentile, positive, row } from './figures.ts';

interface Way {
  readonly name: string;
  readonly synchronous: NonNullable<SqliteStoreOptions['synchronous']>;
  /** Whether the session is committed before its first turn, as a slow answer makes it. */
  readonly commitsTwice: boolean;
}

const ROUNDS = 3;
const TARGET = 4;
const WAYS: readonly Way[] = [
  { name: "synchronous 'full', two commits", synchronous: 'full', commitsTwice: true },
  { name: "synchronous 'full', one commit", synchronous: 'full', commitsTwice: false },
  { name: "synchronous 'normal', two commits", synchronous: 'normal', commitsTwice: true },
  { name: "synchronous 'normal', one commit", synchronous: 'normal', commitsTwice: false },
];
const TURN: readonly Message[] = [
  { role: 'user', contents: 'What is Python, and who made it?' },
  {
    role: 'assistant',
    contents: 'Python is a programming language that Guido van Rossum published in 1991. '.repeat(8),
  },
];

const { values } = parseArgs({ options: { conversations: { type: 'string', default: '500' } } });
const conversations = positive('conversations', values.conversations);

const taken = new Map<Way, number[]>(WAYS.map((way) => [way, []]));
// In turn, so that a disk that is busy for a while slows all of them.
for (let round = 0; round < ROUNDS; round += 1)
  for (const way of WAYS) taken.get(way)?.push(...(await converse(way, conversations)));

console.log(`${conversations} new conversations of one turn, ${ROUNDS} times, on a SQLite file.\n`);
for (const [{ name }, ms] of taken) {
  console.log(row(`${name}: per second`, 1_000 / mean(ms), ''));
  console.log(row('  each blocks the process, p50', percentile(ms, 0.5), 'ms'));
  console.log(row('  each blocks the process, p99', percentile(ms, 0.99), 'ms'));
}
const [slowest = [], ...others] = taken.values();
console.log(
  row('time of the last, as a share of the first', mean(others.at(-1) ?? []) / mean(slowest), '', 1 / TARGET),
);

/** Milliseconds of each. */
async function converse({ synchronous, commitsTwice }: Way, count: number): Promise<readonly number[]> {
  await using rig = await openSqliteRig({ synchronous });
  const { store } = rig;
  const { runs, history } = store;
  const ms: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const startedAt = performance.now();
    const session = await runs.createSession({ owner: `owner ${number % 50}`, maxSessions: 1_000 });
    if (commitsTwice) await store.ready();
    const { version } = await history.load(session);
    await runs.appendTurn(session, { owner: `owner ${number % 50}` }, TURN, version);
    ms.push(performance.now() - startedAt);
  }
  return ms;
}

function mean(ms: readonly number[]): number {
  return ms.reduce((sum, each) => sum + each, 0) / ms.length;
}
