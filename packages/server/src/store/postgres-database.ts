// A pool of Postgres connections as the runs use it: a transaction has a connection of its own.
import type { Database, JobKind, RunSql, TableName, Transaction } from './database.ts';
import { jobsOf } from './job-loop.ts';

/** What is used of a client. A `Pool` or `Client` of `pg` is one. */
export interface PostgresClient {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** A client that was taken from a pool. */
export interface PostgresPoolClient extends PostgresClient {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'notification', listener: (message: { readonly payload?: string | undefined }) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Gives it back, or closes its connection. */
  release(isToBeClosed?: boolean): void;
}

/** What is used of a pool. A `Pool` of `pg` is one. */
export interface PostgresPool extends PostgresClient {
  connect(): Promise<PostgresPoolClient>;
}

/** What the runs need on each transaction. */
export interface OnClient {
  stores(client: PostgresClient): Pick<Transaction, 'history' | 'sessions'>;
  push(client: PostgresClient, kind: JobKind, run: Parameters<Transaction['push']>[1]): Promise<void>;
  hasten(client: PostgresClient, runId: string): Promise<void>;
}

export class PostgresDatabase implements Database {
  readonly #pool: PostgresPool;
  readonly #schema: string;
  readonly #on: OnClient;
  readonly run: RunSql;

  constructor(pool: PostgresPool, schema: string, on: OnClient) {
    this.#pool = pool;
    this.#schema = schema;
    this.#on = on;
    this.run = runOn(pool);
  }

  readonly table = (name: TableName): string => tableIn(this.#schema, name);

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const changed = new Set<string>();
    const result = await inTransaction(this.#pool, (client) => work(this.#transaction(client, changed)));
    // It is committed; a process that misses an announcement polls within a second.
    if (changed.size > 0) await this.#notify([...changed]).catch(() => {});
    return result;
  }

  /**
   * Not part of the transaction: one that notifies holds a lock of the whole server until its commit is on disk, so of all
   * processes only one at a time could commit. A notification by itself does not need the disk.
   */
  async #notify(names: readonly string[]): Promise<void> {
    await this.#pool.query(
      `SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, name) FROM unnest($2::text[]) AS name`,
      [channelOf(this.#schema), names],
    );
  }

  #transaction(client: PostgresClient, changed: Set<string>): Transaction {
    const run = runOn(client);
    return {
      ...this.#on.stores(client),
      run,
      lock: async (name) => {
        await run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${this.#schema} ${name}`]);
      },
      push: async (kind, job) => {
        await this.#on.push(client, kind, job);
        changed.add(jobsOf(kind));
      },
      hasten: async (runId) => {
        await this.#on.hasten(client, runId);
        changed.add(jobsOf('run'));
      },
      async announce(runId) {
        changed.add(runId);
      },
    };
  }
}

/** The full name of a table. */
export function tableIn(schema: string, name: TableName): string {
  return `"${schema}".${name}`;
}

/** Where pg-boss keeps the jobs. */
export function jobsSchemaOf(schema: string): string {
  return `${schema}_jobs`;
}

/** Where the processes on one schema tell each other what has changed. */
export function channelOf(schema: string): string {
  return `${schema}_changes`;
}

/** Kept when `work` resolves, undone when it rejects. */
export async function inTransaction<T>(pool: PostgresPool, work: (client: PostgresClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks between two statements says so here, and the next statement rejects.
  const onError = (): void => {};
  client.on('error', onError);
  let isBroken = true;
  try {
    // What was committed while the lock was waited for must be seen, whatever the database's default is.
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    const result = await work(client);
    await client.query('COMMIT');
    isBroken = false;
    return result;
  } catch (error) {
    isBroken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.off('error', onError);
    client.release(isBroken);
  }
}

function runOn(client: PostgresClient): RunSql {
  return async (sql, values) => (await client.query(sql, [...values])).rows;
}
