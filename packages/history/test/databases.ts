// The databases the tests run against: real servers when they answer, PGlite for Postgres when none does.
// With REQUIRE_DATABASES=1 a server that does not answer is a failure, so that nothing is skipped where it counts.
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { createClient } from 'redis';
import type { PostgresClient } from '../src/postgres.ts';
import type { RedisClient } from '../src/redis.ts';

const DATABASE_URL = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';
const REDIS_URL = process.env['REDIS_URL'] || 'redis://127.0.0.1:6379';
const isRequired = process.env['REQUIRE_DATABASES'] === '1';

export interface PostgresServer {
  readonly name: string;
  /** Null for PGlite, which no second process can reach. */
  readonly url: string | null;
  /** Another set of connections to the same database; for PGlite the one there is. */
  connect(): PostgresClient;
  close(): Promise<void>;
}

export async function openPostgres(): Promise<PostgresServer> {
  const pools: pg.Pool[] = [];
  const connect = (): pg.Pool => {
    const pool = new pg.Pool({ connectionString: DATABASE_URL, connectionTimeoutMillis: 2_000 });
    pools.push(pool);
    return pool;
  };
  const close = async (): Promise<void> => {
    await Promise.all(pools.map((pool) => pool.end()));
  };
  try {
    const { rows } = await connect().query<{ server_version: string }>('SHOW server_version');
    return { name: `PostgreSQL ${rows[0]?.server_version}`, url: DATABASE_URL, connect, close };
  } catch (cause) {
    await close();
    if (isRequired) throw new Error('REQUIRE_DATABASES=1, and no Postgres answers at DATABASE_URL', { cause });
    const lite = await PGlite.create();
    return { name: 'PGlite', url: null, connect: () => lite, close: () => lite.close() };
  }
}

/** What the tests use of node-redis beside what the library does. */
export interface TestRedis extends RedisClient {
  lSet(key: string, index: number, element: string): Promise<unknown>;
  pTTL(key: string): Promise<number>;
  unlink(keys: string[]): Promise<number>;
  scanIterator(options: { MATCH: string; COUNT: number }): AsyncIterable<string[]>;
}

export interface RedisServer {
  readonly url: string;
  connect(): Promise<TestRedis>;
  /** Removes every key that begins with the prefix. */
  forget(prefix: string): Promise<void>;
  close(): Promise<void>;
}

/** Null when no Redis answers. */
export async function openRedis(): Promise<RedisServer | null> {
  const close: (() => Promise<void>)[] = [];
  const connect = async (): Promise<TestRedis> => {
    const client = createClient({ url: REDIS_URL, socket: { connectTimeout: 2_000, reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    close.push(() => client.close());
    return client;
  };
  try {
    const client = await connect();
    const forget = async (prefix: string): Promise<void> => {
      for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 1_000 }))
        if (keys.length > 0) await client.unlink(keys);
    };
    return { url: REDIS_URL, connect, forget, close: async () => void (await Promise.all(close.map((end) => end()))) };
  } catch (cause) {
    if (isRequired) throw new Error('REQUIRE_DATABASES=1, and no Redis answers at REDIS_URL', { cause });
    return null;
  }
}

/** A name for a schema or a prefix that no other test has. */
export function freshName(): string {
  return `turnstream_test_${crypto.randomUUID().replaceAll('-', '')}`;
}
