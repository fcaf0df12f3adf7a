// The door of @turnstream/server/sqlite: all that an embedded server keeps, in the one SQLite database of its process.
import { AgentError, type HistoryProvider, type SessionStore } from '@turnstream/core';
import { Changes } from './changes.ts';
import { createTables, TABLES_VERSION } from './database.ts';
import { deliverJobs } from './job-loop.ts';
import type { ServerStore } from './run-store.ts';
import { SqlRuns } from './sql-runs.ts';
import { historyInTurn, type SqliteDatabase, SqliteHandle, sessionsInTurn } from './sqlite-handle.ts';
import { JOBS_TABLE, SqliteJobs } from './sqlite-jobs.ts';

export type { SqliteDatabase } from './sqlite-handle.ts';

export interface SqliteStoreOptions {
  /** Open in this process only, and used by nothing else. */
  readonly database: SqliteDatabase;
  /** On the same database, such as `new SqliteHistory(database)`. */
  readonly history: HistoryProvider;
  /** On the same database, such as `new SqliteSessions(database)`. */
  readonly sessions: SessionStore;
}

/** How long a write waits for that of another process, such as a backup, unless the handle has a time of its own. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Keeps everything of one server process in one SQLite database, whose tables it makes. Runs that were under way when the
 * process died go on when the next one works. Use the history and the sessions by the store it returns from then on: on one
 * handle, anything that comes between the statements of a transaction would be part of it. Throws `config_invalid`
 * when the tables are of another version of this library.
 */
export function sqliteStore({ database, history, sessions }: SqliteStoreOptions): ServerStore {
  const changes = new Changes();
  const handle = new SqliteHandle(database, { history, sessions }, changes);
  prepare(database, handle);
  const jobs = new SqliteJobs(handle.run);
  return {
    history: historyInTurn(history, handle),
    sessions: sessionsInTurn(sessions, handle),
    runs: new SqlRuns(handle, changes, async (workers) => deliverJobs(jobs, changes, workers)),
    async ready() {
      await handle.run('SELECT 1', []);
    },
  };
}

function prepare(database: SqliteDatabase, { table }: SqliteHandle): void {
  const [timeout] = database.prepare('PRAGMA busy_timeout').all() as { timeout: number | bigint }[];
  if (Number(timeout?.timeout) === 0) database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec('PRAGMA journal_mode = WAL');
  // The events of a run go with it.
  database.exec('PRAGMA foreign_keys = ON');
  database.exec(`BEGIN IMMEDIATE; ${createTables(table, 'INTEGER PRIMARY KEY AUTOINCREMENT')} ${JOBS_TABLE} COMMIT`);
  const [row] = database.prepare(`SELECT version FROM ${table('server_version')}`).all() as {
    version: number | bigint;
  }[];
  if (Number(row?.version) === TABLES_VERSION) return;
  throw new AgentError(
    'config_invalid',
    `The server's tables have version ${row?.version}, and this library reads ${TABLES_VERSION}. Use the library that made them.`,
  );
}
