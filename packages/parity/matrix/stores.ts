// The five histories, each empty and gone afterwards. Databases are found as in the tests of packages/history:
// DATABASE_URL, REDIS_URL or the usual ports; PGlite when no Postgres answers; with REQUIRE_DATABASES=1 nothing is left out.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import { type HistoryProvider, MemoryHistory } from '@turnstream/core';
import { FileHistory } from '@turnstream/history/file';
import { migrate, type PostgresClient, PostgresHistory } from '@turnstream/history/postgres';
import { RedisHistory } from '@turnstream/history/redis';
import { SqliteHistory } from '@turnstream/history/sqlite';
import pg from 'pg';
import { createClient } from 'redis';

const DATABASE_URL = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';
const REDIS_URL = process.env['REDIS_URL'] || 'redis://127.0.0.1:6379';
const isRequired = process.env['REQUIRE_DATABASES'] === '1';

export interface OpenStore extends AsyncDisposable {
  readonly history: HistoryProvider;
}

export type Store = 'memory' | 'file' | 'sqlite' | 'postgres' | 'redis';

export const stores: Readonly<Record<Store, () => Promise<OpenStore | null>>> = {
  memory,
  file,
  sqlite,
  postgres,
  redis,
};

export const storeNames: readonly Store[] = ['memory', 'file', 'sqlite', 'postgres', 'redis'];

async function memory(): Promise<OpenStore> {
  return { history: new MemoryHistory(), [Symbol.asyncDispose]: async () => {} };
}

async function file(): Promise<OpenStore> {
  const folder = await mkdtemp(join(tmpdir(), 'turnstream-parity-'));
  return { history: new FileHistory(folder), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function sqlite(): Promise<OpenStore> {
  const database = new DatabaseSync(':memory:');
  return { history: new SqliteHistory(database), [Symbol.asyncDispose]: async () => database.close() };
}

async function postgres(): Promise<OpenStore> {
  const schema = freshName();
  const { client, close } = await openPostgres();
  await migrate(client, { schema });
  return {
    history: new PostgresHistory(client, { schema }),
    async [Symbol.asyncDispose]() {
      await client.query(`DROP SCHEMA ${schema} CASCADE`);
      await close();
    },
  };
}

async function openPostgres(): Promise<{ client: PostgresClient; close: () => Promise<void> }> {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, connectionTimeoutMillis: 10_000 });
  try {
    await pool.query('SELECT 1');
    return { client: pool, close: () => pool.end() };
  } catch (cause) {
    await pool.end();
    if (isRequired) throw new Error('REQUIRE_DATABASES=1, and no Postgres answers at DATABASE_URL', { cause });
    const lite = await PGlite.create();
    return { client: lite, close: () => lite.close() };
  }
}

/** Null when no Redis answers. */
async function redis(): Promise<OpenStore | null> {
  const client = createClient({ url: REDIS_URL, socket: { connectTimeout: 10_000, reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (cause) {
    if (isRequired) throw new Error('REQUIRE_DATABASES=1, and no Redis answers at REDIS_URL', { cause });
    return null;
  }
  const prefix = freshName();
  return {
    history: new RedisHistory(client, { prefix }),
    async [Symbol.asyncDispose]() {
      for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 1_000 }))
        if (keys.length > 0) await client.unlink(keys);
      await client.close();
    },
  };
}

function freshName(): string {
  return `turnstream_parity_${crypto.randomUUID().replaceAll('-', '')}`;
}
