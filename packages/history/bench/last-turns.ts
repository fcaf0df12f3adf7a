// Does reading the last turns cost more when the conversation is longer? Prints, for each store, the time of a load of the
// last 20 turns from 100 and from 10,000 turns, and their ratio. Run: pnpm --filter @turnstream/history bench
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryProvider } from '@turnstream/core';
import pg from 'pg';
import { createClient } from 'redis';
import { FileHistory } from '../src/file.ts';
import { migrate, PostgresHistory } from '../src/postgres.ts';
import { encodeMessages, RECORD_START } from '../src/record.ts';
import { RedisHistory } from '../src/redis.ts';
import { SqliteHistory } from '../src/sqlite.ts';

const SIZES = [100, 10_000] as const;
const LAST_TURNS = 20;
const LOADS = 300;

const databaseUrl = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';
const redisUrl = process.env['REDIS_URL'] || 'redis://127.0.0.1:6379';

/** A store and a way to fill it that is faster than turn by turn. */
interface Bench extends AsyncDisposable {
  readonly history: HistoryProvider;
  fill(sessionId: string, records: readonly string[]): Promise<void>;
}

const benches: Record<string, () => Promise<Bench>> = {
  async file() {
    const directory = await mkdtemp(join(tmpdir(), 'turnstream-bench-'));
    return {
      history: new FileHistory(directory),
      fill: (sessionId, records) => writeFile(join(directory, `id-${sessionId}.jsonl`), `${records.join('\n')}\n`),
      [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
    };
  },
  async sqlite() {
    const directory = await mkdtemp(join(tmpdir(), 'turnstream-bench-'));
    const database = new DatabaseSync(join(directory, 'bench.db'));
    const history = new SqliteHistory(database);
    return {
      history,
      async fill(sessionId, records) {
        const insert = database.prepare('INSERT INTO turnstream_turns VALUES (?, ?, ?)');
        database.exec('BEGIN');
        for (const [index, record] of records.entries()) insert.run(sessionId, index + 1, record);
        database.exec('COMMIT');
      },
      async [Symbol.asyncDispose]() {
        database.close();
        await rm(directory, { recursive: true });
      },
    };
  },
  async postgres() {
    const pool = new pg.Pool({ connectionString: databaseUrl });
    const schema = 'turnstream_bench';
    await migrate(pool, { schema });
    return {
      history: new PostgresHistory(pool, { schema }),
      async fill(sessionId, records) {
        await pool.query(`INSERT INTO ${schema}.histories VALUES ($1, $2)`, [sessionId, records.length]);
        const rows = 'SELECT $1, turn, record FROM unnest($2::text[]) WITH ORDINALITY AS t (record, turn)';
        await pool.query(`INSERT INTO ${schema}.turns (session_key, turn, record) ${rows}`, [sessionId, records]);
        await pool.query(`ANALYZE ${schema}.turns`);
      },
      async [Symbol.asyncDispose]() {
        await pool.query(`DROP SCHEMA ${schema} CASCADE`);
        await pool.end();
      },
    };
  },
  async redis() {
    const client = createClient({ url: redisUrl, socket: { reconnectStrategy: false } });
    await client.connect();
    const prefix = 'turnstream_bench';
    const keyOf = (sessionId: string): string => `${prefix}:{${sessionId}}:turns`;
    return {
      history: new RedisHistory(client, { prefix }),
      async fill(sessionId, records) {
        await client.rPush(keyOf(sessionId), [...records]);
      },
      async [Symbol.asyncDispose]() {
        await client.unlink(SIZES.map((size) => keyOf(`s${size}`)));
        await client.close();
      },
    };
  },
};

/** Median milliseconds of one load. */
async function timeOf(history: HistoryProvider, sessionId: string, lastTurns?: number): Promise<number> {
  const times: number[] = [];
  const loads = lastTurns === undefined ? 5 : LOADS;
  for (let load = 0; load < loads; load += 1) {
    const started = performance.now();
    await history.load({ sessionId }, lastTurns === undefined ? {} : { lastTurns });
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(loads / 2)] ?? Number.NaN;
}

console.log(`last ${LAST_TURNS} turns, median of ${LOADS} loads, in ms`);
console.log('store        of 100   of 10,000    ratio   (all 10,000)');
for (const [name, open] of Object.entries(benches)) {
  await using bench = await open();
  for (const size of SIZES) {
    const text = 'A sentence of some length, as models write them. '.repeat(10);
    const turn = [
      { role: 'user', contents: 'What is Python in one line?' },
      { role: 'assistant', contents: text },
    ] as const;
    await bench.fill(
      `s${size}`,
      Array.from({ length: size }, (_, index) => `${RECORD_START}${index + 1}${encodeMessages(turn)}`),
    );
  }
  // The first round warms up whatever there is to warm up.
  for (const size of SIZES) await timeOf(bench.history, `s${size}`, LAST_TURNS);
  const [short, long] = [
    await timeOf(bench.history, 's100', LAST_TURNS),
    await timeOf(bench.history, 's10000', LAST_TURNS),
  ];
  const all = await timeOf(bench.history, 's10000');
  const numbers = [short.toFixed(3).padStart(8), long.toFixed(3).padStart(11), (long / short).toFixed(2).padStart(8)];
  console.log(`${name.padEnd(10)} ${numbers.join(' ')}   ${all.toFixed(1).padStart(8)}`);
}
