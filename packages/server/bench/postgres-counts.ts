// What Postgres counts: transactions of the database, bytes of the whole server's log, and the rows of a schema.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE_URL } from '../test/store/postgres-store.ts';

/** A connection at rest reports what it did after 10 seconds: PGSTAT_IDLE_INTERVAL in Postgres' pgstat.c. */
const SETTLED_MS = 11_000;
/** What the forked servers call themselves. */
export const SERVED = 'turnstream served';

export interface Counts {
  readonly atMs: number;
  readonly transactions: number;
  readonly walBytes: number;
}

export class PostgresCounts implements AsyncDisposable {
  readonly #client = new pg.Client({ connectionString: DATABASE_URL });
  readonly #schema: string;

  private constructor(schema: string) {
    this.#schema = schema;
  }

  static async of(schema: string): Promise<PostgresCounts> {
    const counts = new PostgresCounts(schema);
    await counts.#client.connect();
    return counts;
  }

  /** Waits until what was done before has been counted. */
  async settled(): Promise<Counts> {
    await sleep(SETTLED_MS);
    const [row] = await this.#query<{ transactions: string; bytes: string }>(
      `SELECT xact_commit + xact_rollback AS transactions, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bytes
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    return { atMs: performance.now(), transactions: Number(row?.transactions), walBytes: Number(row?.bytes) };
  }

  async openRuns(): Promise<number> {
    const [row] = await this.#query<{ open: string }>(
      `SELECT count(*) AS open FROM ${this.#schema}.runs WHERE end_event IS NULL`,
    );
    return Number(row?.open);
  }

  /** Of the forked servers. */
  async connections(): Promise<number> {
    const [row] = await this.#query<{ open: string }>(
      `SELECT count(*) AS open FROM pg_stat_activity WHERE application_name = '${SERVED}'`,
    );
    return Number(row?.open);
  }

  /** On disk, for each event, its index included. */
  async bytesPerEvent(): Promise<number> {
    const [row] = await this.#query<{ bytes: string }>(
      `SELECT pg_total_relation_size('${this.#schema}.run_events') / count(*) AS bytes FROM ${this.#schema}.run_events`,
    );
    return Number(row?.bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }

  async #query<T extends pg.QueryResultRow>(sql: string): Promise<readonly T[]> {
    return (await this.#client.query<T>(sql)).rows;
  }
}
