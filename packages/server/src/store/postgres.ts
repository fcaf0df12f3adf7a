// The door of @turnstream/server/postgres: all that several server processes keep together, in one Postgres.
import { AgentError, type HistoryProvider } from '@turnstream/core';
import { Changes } from './changes.ts';
import { type CountedSessions, createTables, migrateTables, refuseVersion, TABLES_VERSION } from './database.ts';
import {
  inTransaction,
  jobsSchemaOf,
  type PostgresClient,
  PostgresDatabase,
  type PostgresPool,
  tableIn,
} from './postgres-database.ts';
import { PostgresJobs } from './postgres-jobs.ts';
import { PostgresListener } from './postgres-listener.ts';
import type { ServerStore } from './run-store.ts';
import { checkedKeep } from './session-expiry.ts';
import { SqlRuns } from './sql-runs.ts';

export type { CountedSessions } from './database.ts';
export type { PostgresClient, PostgresPool, PostgresPoolClient } from './postgres-database.ts';

/** Options of `postgresStore`. */
export interface PostgresStoreOptions {
  /** One of its connections stays open to listen; a pool of `pg` has 10 by default. */
  readonly pool: PostgresPool;
  /** The schema of the tables, `turnstream` by default. Jobs have their own, `<schema>_jobs`. */
  readonly schema?: string | undefined;
  /** On a client that may be in a transaction, such as `(client) => new PostgresHistory(client)`. */
  readonly history: (client: PostgresClient) => HistoryProvider;
  /** The same for the sessions, such as `(client) => new PostgresSessions(client)`. */
  readonly sessions: (client: PostgresClient) => CountedSessions;
  /** How long a session is kept after its last turn, in milliseconds: a year by default, indefinitely for null. */
  readonly keepSessionsMs?: number | null | undefined;
  /** Gets errors in the background that are retried: a lost connection, the upkeep of the jobs. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Dispose it before you end the pool. */
export interface PostgresStore extends ServerStore, AsyncDisposable {}

/**
 * Stores everything of any number of server processes in one Postgres. Creates missing tables; processes that start
 * together wait for each other. Run the history's `migrate` first. Jobs of a process that died go to another one after
 * about 10 seconds. Rejects with `config_invalid` for a schema that is not a plain name and for tables of a newer
 * version of this library. Older tables are upgraded: stop the processes of the older library first.
 */
export async function postgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { pool, schema = 'turnstream', history, sessions, onError = () => {} } = options;
  checkSchema(schema);
  const keep = checkedKeep(options.keepSessionsMs);
  await prepare(pool, schema);
  const changes = new Changes();
  await using started = new AsyncDisposableStack();
  const jobs = started.use(new PostgresJobs(pool, schema, onError));
  await jobs.start();
  const listener = started.use(new PostgresListener(pool, schema, changes, onError));
  await listener.connect();
  const database = new PostgresDatabase(pool, schema, {
    stores: (client) => ({ history: history(client), sessions: sessions(client) }),
    push: (client, kind, run) => jobs.push(client, kind, run),
    hasten: (client, runId) => jobs.hasten(client, runId),
  });
  const running = started.move();
  return {
    history: history(pool),
    sessions: sessions(pool),
    runs: new SqlRuns(database, keep, changes, async (workers) => jobs.deliver(changes, workers)),
    async ready() {
      await pool.query('SELECT 1');
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Shorter than Postgres asks for, because the names of the jobs' schema and of the channel are made from it. */
function checkSchema(schema: string): void {
  if (/^[a-z_][a-z0-9_]{0,44}$/.test(schema)) return;
  throw new AgentError(
    'config_invalid',
    `schema is ${JSON.stringify(schema)}; it must be up to 45 lower-case letters, digits and _, not beginning with a digit.`,
  );
}

async function prepare(pool: PostgresPool, schema: string): Promise<void> {
  const version = await inTransaction(pool, async (client) => {
    const versions = tableIn(schema, 'server_version');
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`turnstream server ${schema}`]);
    await createSchemas(client, [schema, jobsSchemaOf(schema)]);
    const { rows } = await client.query('SELECT to_regclass($1) IS NULL AS is_empty', [versions]);
    if ((rows as { is_empty: boolean }[])[0]?.is_empty) {
      await client.query(
        createTables((name) => tableIn(schema, name), 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY'),
      );
    }
    const stored = await versionIn(client, versions);
    await client.query(migrateTables((name) => tableIn(schema, name), stored));
    return versionIn(client, versions);
  });
  if (version !== TABLES_VERSION) throw refuseVersion(version, ` in schema ${schema}`);
}

async function versionIn(client: PostgresClient, versions: string): Promise<number> {
  const { rows } = await client.query(`SELECT version FROM ${versions}`);
  return Number((rows as { version: number }[])[0]?.version);
}

/**
 * Also the schema of the jobs: pg-boss creates it with IF NOT EXISTS, which fails on a connection that cached the absence of
 * the schema before the lock. Reading the catalog directly caches nothing.
 */
async function createSchemas(client: PostgresClient, names: readonly string[]): Promise<void> {
  const { rows } = await client.query('SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY($1)', [names]);
  const existing = new Set((rows as { name: string }[]).map(({ name }) => name));
  for (const name of names) if (!existing.has(name)) await client.query(`CREATE SCHEMA "${name}"`);
}
