// A database of its own for one measurement, as an address that a server's process opens.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ServerStore } from '../src/store/run-store.ts';
import { DATABASE_URL, postgresStoreOn } from '../test/store/postgres-store.ts';
import { openSqliteStore } from '../test/store/sqlite-rig.ts';

export interface Place extends AsyncDisposable {
  readonly address: string;
  /** Opens it here. */
  open(): Promise<OpenPlace>;
}

export interface OpenPlace extends AsyncDisposable {
  readonly store: ServerStore;
  /** All bytes that the database has written to its log so far. */
  writtenBytes(): Promise<number>;
}

export async function openPlace(kind: string): Promise<Place> {
  if (kind === 'sqlite') return sqlitePlace();
  if (kind === 'postgres') return postgresPlace();
  throw new Error(`--store is ${kind}; give sqlite or postgres.`);
}

function sqlitePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'turnstream-bench-'));
  const file = join(folder, 'server.db');
  return {
    address: `sqlite ${file}`,
    async open() {
      const { store, database } = openSqliteStore(file);
      // So that the log begins here and only grows.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0');
      return {
        store,
        writtenBytes: async () => statSync(`${file}-wal`).size,
        [Symbol.asyncDispose]: async () => database.close(),
      };
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}

async function postgresPlace(): Promise<Place> {
  const schema = `turnstream_bench_${process.pid}`;
  return {
    address: `postgres ${schema}`,
    async open() {
      const pool = new pg.Pool({ connectionString: DATABASE_URL });
      const store = await postgresStoreOn(pool, schema);
      return {
        store,
        async writtenBytes() {
          const { rows } = await pool.query<{ bytes: string }>(
            `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bytes`,
          );
          return Number(rows[0]?.bytes);
        },
        async [Symbol.asyncDispose]() {
          await store[Symbol.asyncDispose]();
          await pool.end();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      const client = new pg.Client({ connectionString: DATABASE_URL });
      await client.connect();
      await client.query(`DROP SCHEMA IF EXISTS ${schema}, ${schema}_jobs CASCADE`);
      await client.end();
    },
  };
}
