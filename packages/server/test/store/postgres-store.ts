// A store on the Postgres that DATABASE_URL names, for the tests and for the processes they start.
import { migrate, PostgresHistory, PostgresSessions } from '@turnstream/history/postgres';
import pg from 'pg';
import { type PostgresStore, type PostgresStoreOptions, postgresStore } from '../../src/store/postgres.ts';
import type { RigOptions } from './fixtures.ts';

export const DATABASE_URL: string = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';

export async function openPostgresStore(
  schema: string,
  { around = (history) => history, onError }: RigOptions & Pick<PostgresStoreOptions, 'onError'> = {},
): Promise<{ readonly pool: pg.Pool; readonly store: PostgresStore }> {
  const pool = new pg.Pool({ connectionString: DATABASE_URL });
  try {
    await migrate(pool, { schema });
    const store = await postgresStore({
      pool,
      schema,
      history: (client) => around(new PostgresHistory(client, { schema })),
      sessions: (client) => new PostgresSessions(client, { schema }),
      ...(onError === undefined ? {} : { onError }),
    });
    return { pool, store };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
