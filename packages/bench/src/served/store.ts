// The stores of our server, each new and gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate, PostgresHistory, PostgresSessions } from '@turnstream/history/postgres';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import type { ServerStore } from '@turnstream/server';
import { postgresStore } from '@turnstream/server/postgres';
import { sqliteStore } from '@turnstream/server/sqlite';
import pg from 'pg';

export type Kept = 'sqlite' | 'postgres';

/** `opened` closes it. Postgres is the one of DATABASE_URL. */
export function openStore(kept: Kept, opened: AsyncDisposableStack): Promise<ServerStore> {
  return kept === 'sqlite' ? onSqlite(opened) : onPostgres(opened);
}

async function onSqlite(opened: AsyncDisposableStack): Promise<ServerStore> {
  const folder = mkdtempSync(join(tmpdir(), 'turnstream-bench-'));
  opened.defer(() => rmSync(folder, { recursive: true }));
  const database = new DatabaseSync(join(folder, 'server.db'));
  opened.defer(() => database.close());
  return sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) });
}

async function onPostgres(opened: AsyncDisposableStack): Promise<ServerStore> {
  const schema = `turnstream_bench_${process.pid}`;
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
  opened.defer(() => pool.end());
  opened.defer(async () => void (await pool.query(`DROP SCHEMA IF EXISTS ${schema}, ${schema}_jobs CASCADE`)));
  await migrate(pool, { schema });
  return opened.use(
    await postgresStore({
      pool,
      schema,
      history: (each) => new PostgresHistory(each, { schema }),
      sessions: (each) => new PostgresSessions(each, { schema }),
    }),
  );
}
