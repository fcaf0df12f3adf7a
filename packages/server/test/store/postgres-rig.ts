// The Postgres that the tests run against. With REQUIRE_DATABASES=1 one that does not answer is a failure.
import { migrate, PostgresHistory, PostgresSessions } from '@turnstream/history/postgres';
import pg from 'pg';
import { type PostgresStore, type PostgresStoreOptions, postgresStore } from '../../src/store/postgres.ts';
import type { RigOptions } from './fixtures.ts';

const DATABASE_URL = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';

/** The server's version; null when none answers. */
export async function postgresVersion(): Promise<string | null> {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]!.server_version;
  } catch (cause) {
    if (process.env['REQUIRE_DATABASES'] === '1')
      throw new Error('REQUIRE_DATABASES=1, and no Postgres answers at DATABASE_URL', { cause });
    return null;
  } finally {
    await client.end();
  }
}

export interface PostgresRig extends AsyncDisposable {
  readonly store: PostgresStore;
  readonly schema: string;
  readonly address: string;
  readonly pool: pg.Pool;
  /** What the stores said went wrong in the background. */
  readonly errors: unknown[];
  /** Another process's store on the same tables, as far as a test can be one. */
  reopen(): Promise<PostgresStore>;
}

/** A store in a schema of its own, which goes with it. */
export async function openPostgresRig({ around }: RigOptions = {}): Promise<PostgresRig> {
  const schema = `turnstream_${crypto.randomUUID().replaceAll('-', '')}`;
  const opened: { pool: pg.Pool; store: PostgresStore }[] = [];
  const errors: unknown[] = [];
  const reopen = async (): Promise<PostgresStore> => {
    const { pool, store } = await openPostgresStore(schema, {
      ...(around === undefined ? {} : { around }),
      onError: (error) => errors.push(error),
    });
    opened.push({ pool, store });
    return store;
  };
  const store = await reopen();
  const { pool } = opened[0]!;
  return {
    store,
    schema,
    address: `postgres ${schema}`,
    pool,
    errors,
    reopen,
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.store[Symbol.asyncDispose]();
      await pool.query(`DROP SCHEMA IF EXISTS ${schema}, ${schema}_jobs CASCADE`);
      await Promise.all(opened.map((each) => each.pool.end()));
    },
  };
}

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
