// What the runs need of a database: statements, transactions, and what happens only when a transaction has been kept.
import { AgentError, type HistoryProvider, type SavedSession, type SessionStore } from '@turnstream/core';

/** Runs one statement with parameters `$1`, `$2` … and resolves with its rows. */
export type RunSql = (sql: string, values: readonly (string | number | null)[]) => Promise<readonly unknown[]>;

/** The last session of the page before. */
export interface SessionCursor {
  readonly savedAtMs: number;
  readonly sessionId: string;
}

/** Sessions that can also be listed by time. */
export interface ListedSessions extends SessionStore {
  /** The owner's sessions, those that were saved last first. */
  latest(
    owner: string,
    options: { readonly limit: number; readonly after?: SessionCursor },
  ): Promise<readonly SavedSession[]>;
}

/** What is used of the sessions of a database. `SqliteSessions` and `PostgresSessions` of @turnstream/history are such. */
export interface CountedSessions extends ListedSessions {
  /** How many sessions the owner has, expired ones aside. */
  count(owner: string): Promise<number>;
  /** Deletes expired sessions of all owners, at most `limit`, and resolves with their ids. */
  deleteExpired(limit: number): Promise<readonly string[]>;
}

export type JobKind = 'run' | 'callback';

export interface Transaction {
  readonly run: RunSql;
  /** The stores of conversations, on this transaction. */
  readonly history: HistoryProvider;
  readonly sessions: CountedSessions;
  /** Nobody else is past this line with the same name until the transaction ends. */
  readonly lock: (name: string) => Promise<void>;
  /** Adds a job for the run's owner, which exists only if the transaction commits. */
  push(kind: JobKind, run: { readonly runId: string; readonly ownerKey: string }): Promise<void>;
  /** Makes the run's job due if it was put off, once the transaction is kept. Changes nothing while a worker has it. */
  hasten(runId: string): Promise<void>;
  /** Tells everybody who waits for the run, once the transaction is kept. */
  announce(runId: string): Promise<void>;
}

/** The lock of everything that adds a turn to a session, decides about its calls that wait, or deletes it. */
export function sessionLock(sessionKey: string): string {
  return `session ${sessionKey}`;
}

export interface Database {
  /** One statement by itself. */
  readonly run: RunSql;
  /**
   * Kept when `work` resolves, undone when it rejects. With `canWait`, a database whose commits block the process may commit
   * it with the next transaction, at most 100 ms later: the process sees the work at once, but loses it if it dies before.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: { readonly canWait?: boolean }): Promise<T>;
  /** The full name of a table. */
  readonly table: (name: TableName) => string;
}

export type TableName = 'runs' | 'run_events' | 'approvals' | 'webhooks' | 'server_version';

/** The layout of the tables, to be counted up when they change. */
export const TABLES_VERSION = 3;

/**
 * The tables, in the SQL that SQLite and Postgres share; `counter` is how each of them numbers rows. Owners, sessions and
 * keys are looked up by hashes, and texts are JSON, because Postgres holds neither long keys nor U+0000.
 */
export function createTables(table: (name: TableName) => string, counter: string): string {
  return `
    CREATE TABLE IF NOT EXISTS ${table('server_version')} (version integer NOT NULL);
    INSERT INTO ${table('server_version')} SELECT ${TABLES_VERSION}
      WHERE NOT EXISTS (SELECT 1 FROM ${table('server_version')});
    CREATE TABLE IF NOT EXISTS ${table('runs')} (
      run_no ${counter}, run_id text NOT NULL UNIQUE, owner_key text NOT NULL, request_key text,
      session_key text NOT NULL, request text NOT NULL, state text NOT NULL, claim_no integer NOT NULL DEFAULT 0,
      idle_attempts integer NOT NULL DEFAULT 0, token text, sequence_number integer, response_id text, answers text,
      asked_at_ms bigint, answered_at_ms bigint,
      cancel_requested integer NOT NULL DEFAULT 0, final_answer text NOT NULL DEFAULT '', seq integer NOT NULL DEFAULT 0,
      end_event text, created_at_ms bigint NOT NULL, ended_at_ms bigint, UNIQUE (owner_key, request_key)
    );
    CREATE INDEX IF NOT EXISTS turnstream_runs_owner ON ${table('runs')} (owner_key, run_no);
    CREATE INDEX IF NOT EXISTS turnstream_runs_open ON ${table('runs')} (owner_key) WHERE end_event IS NULL;
    CREATE INDEX IF NOT EXISTS turnstream_runs_session ON ${table('runs')} (session_key, run_no);
    CREATE INDEX IF NOT EXISTS turnstream_runs_response ON ${table('runs')} (response_id);
    CREATE INDEX IF NOT EXISTS turnstream_runs_ended ON ${table('runs')} (ended_at_ms);
    CREATE TABLE IF NOT EXISTS ${table('run_events')} (
      run_id text NOT NULL REFERENCES ${table('runs')} (run_id) ON DELETE CASCADE,
      seq integer NOT NULL, payload text NOT NULL, PRIMARY KEY (run_id, seq)
    );
    CREATE TABLE IF NOT EXISTS ${table('webhooks')} (webhook_key text PRIMARY KEY, seen_at_ms bigint NOT NULL);
    ${createApprovals(table)}
  `;
}

/** A session has one batch of calls that wait, at most: that of its last turn. `run_id` is null for a chat's. */
function createApprovals(table: (name: TableName) => string): string {
  return `
    CREATE TABLE IF NOT EXISTS ${table('approvals')} (
      session_key text PRIMARY KEY, owner_key text NOT NULL, run_id text UNIQUE, calls text NOT NULL,
      expires_at_ms bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS turnstream_approvals_expiry ON ${table('approvals')} (expires_at_ms);
  `;
}

/**
 * Upgrades from an older version; '' when there is nothing to upgrade. Each one renames a column, so that a process of the
 * older library that is still running fails rather than write to it.
 *
 * Version 1 kept the growing answer of an open run in its row. The events contain it too; ended runs keep the column.
 * Version 2 had no approvals.
 */
export function migrateTables(table: (name: TableName) => string, version: number): string {
  const fromFirst = `
    ALTER TABLE ${table('runs')} RENAME COLUMN answer TO final_answer;
    ALTER TABLE ${table('runs')} ADD COLUMN sequence_number integer;
  `;
  const fromSecond = `
    ALTER TABLE ${table('runs')} RENAME COLUMN attempts TO idle_attempts;
    ALTER TABLE ${table('runs')} ADD COLUMN answers text;
    ALTER TABLE ${table('runs')} ADD COLUMN asked_at_ms bigint;
    ALTER TABLE ${table('runs')} ADD COLUMN answered_at_ms bigint;
    ${createApprovals(table)}
    UPDATE ${table('server_version')} SET version = ${TABLES_VERSION};
  `;
  if (version === 1) return fromFirst + fromSecond;
  return version === 2 ? fromSecond : '';
}

export function refuseVersion(version: number, where: string): AgentError {
  return new AgentError(
    'config_invalid',
    `The server's tables${where} have version ${version}, but this library reads version ${TABLES_VERSION}. Use the version of the library that created them.`,
  );
}
