// A store on the Postgres that DATABASE_URL names, for the tests and for the processes they start.
import { migrate, PostgresHistory, PostgresSessions } from '@turnstream/history/postgres';
import pg from 'pg';
import { type PostgresStore, type PostgresStoreOptions, postgresStore } from '../../src/store/postgres.ts';
import type { RigOptions } from './fixtures.ts';

type StoreOptions = RigOptions & Pick<PostgresStoreOptions, 'onError'>;

export const DATABASE_URL: string = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';

/** A store with its own pool, which the caller ends after the store. */
export async function openPostgresStore(
  schema: string,
  options: StoreOptions = {},
): Promise<{ readonly pool: pg.Pool; readonly store: PostgresStore }> {
  const pool = new pg.Pool({ connectionString: DATABASE_URL });
  try {
    return { pool, store: await postgresStoreOn(pool, schema, options) };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

export async function postgresStoreOn(
  pool: pg.Pool,
  schema: string,
  { around = (history) => history, ...options }: StoreOptions = {},
): Promise<PostgresStore> {
  await migrate(pool, { schema });
  return postgresStore({
    pool,
    schema,
    history: (client) => around(new PostgresHistory(client, { schema })),
    sessions: (client) => new PostgresSessions(client, { schema }),
    ...options,
  });
}
