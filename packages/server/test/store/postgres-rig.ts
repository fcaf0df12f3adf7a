// The Postgres that the tests run against. With REQUIRE_DATABASES=1 one that does not answer is a failure.
import pg from 'pg';
import { inject } from 'vitest';
import type { PostgresStore } from '../../src/store/postgres.ts';
import type { RigOptions } from './fixtures.ts';
import { DATABASE_URL, postgresStoreOn } from './postgres-store.ts';

/** The server's version; null when none answers. */
export async function postgresVersion(): Promise<string | null> {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 20_000 });
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
  writtenBytes(): Promise<number>;
  sql(statements: string): Promise<void>;
  table(name: string): string;
  /** Closes what was reopened and deletes all rows, so that another test finds the store as if it were new. */
  clear(): Promise<void>;
}

interface Place {
  readonly schema: string;
  readonly pool: pg.Pool;
}

/** Empty schemas for the next tests, with open connections: creating either costs Postgres more than most tests do. */
const free: Place[] = [];

/** A store in a schema that no other test has at the same time. */
export async function openPostgresRig(options: RigOptions = {}): Promise<PostgresRig> {
  const place = free.pop() ?? newPlace();
  const { schema, pool } = place;
  const opened: PostgresStore[] = [];
  const errors: unknown[] = [];
  const reopen = async (): Promise<PostgresStore> => {
    const store = await postgresStoreOn(pool, schema, {
      ...options,
      onError: (error) => errors.push(error),
    });
    opened.push(store);
    return store;
  };
  const store = await reopen();
  const clear = async (): Promise<void> => {
    for (const each of opened.splice(1)) await each[Symbol.asyncDispose]();
    await emptied(pool, schema);
    errors.splice(0);
  };
  return {
    store,
    schema,
    address: `postgres ${schema}`,
    pool,
    errors,
    reopen,
    /** Rewritten rows make the table grow before their old space is reused. */
    async writtenBytes() {
      const { rows } = await pool.query<{ bytes: string }>('SELECT pg_total_relation_size($1) AS bytes', [
        `${schema}.runs`,
      ]);
      return Number(rows[0]!.bytes);
    },
    sql: async (statements) => void (await pool.query(statements)),
    table: (name) => `${schema}.${name}`,
    clear,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await clear();
      free.push(place);
    },
  };
}

export interface KeptRigs extends AsyncDisposable {
  open(options?: RigOptions): Promise<PostgresRig>;
}

/** Rigs for the tests of a file, one after the other on one open store where they ask for no options. */
export function keptRigs(): KeptRigs {
  let kept: PostgresRig | null = null;
  return {
    async open(options) {
      if (options !== undefined) return openPostgresRig(options);
      const rig = kept ?? (await openPostgresRig());
      kept = null;
      return {
        ...rig,
        async [Symbol.asyncDispose]() {
          await rig.clear();
          if (kept === null) kept = rig;
          else await rig[Symbol.asyncDispose]();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await kept?.[Symbol.asyncDispose]();
      kept = null;
    },
  };
}

/** With as many connections as an application's pool has by default: each that is opened costs Postgres time. */
function newPlace(): Place {
  return { schema: newSchema(), pool: new pg.Pool({ connectionString: DATABASE_URL, max: 10, allowExitOnIdle: true }) };
}

/** The name of a schema that is not there yet; what is made in it is dropped when the test run ends. */
export function newSchema(): string {
  return `${inject('schemaPrefix')}${crypto.randomUUID().slice(0, 8)}`;
}

async function emptied(pool: pg.Pool, schema: string): Promise<void> {
  const own = ['approvals', 'runs', 'webhooks', 'sessions', 'histories'].map((table) => `${schema}.${table}`);
  await pool.query([...own, `${schema}_jobs.job`].map((table) => `DELETE FROM ${table}`).join('; '));
}
