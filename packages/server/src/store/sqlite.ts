// The door of @turnstream/server/sqlite: all that an embedded server keeps, in the one SQLite database of its process.
import type { HistoryProvider } from '@turnstream/core';
import { Changes } from './changes.ts';
import { type CountedSessions, createTables, migrateTables, refuseVersion, TABLES_VERSION } from './database.ts';
import { deliverJobs } from './job-loop.ts';
import type { ServerStore } from './run-store.ts';
import { checkedKeep } from './session-expiry.ts';
import { SqlRuns } from './sql-runs.ts';
import { historyInTurn, type SqliteDatabase, SqliteHandle, sessionsInTurn } from './sqlite-handle.ts';
import { JOBS_TABLE, SqliteJobs } from './sqlite-jobs.ts';

export type { CountedSessions } from './database.ts';
export type { SqliteDatabase } from './sqlite-handle.ts';

/** Options of `sqliteStore`. */
export interface SqliteStoreOptions {
  /** Opened by this process only, and not used for anything else. */
  readonly database: SqliteDatabase;
  /** On the same database, such as `new SqliteHistory(database)`. */
  readonly history: HistoryProvider;
  /** On the same database, such as `new SqliteSessions(database)`. */
  readonly sessions: CountedSessions;
  /** How long a session is kept after its last turn, in milliseconds: a year by default, indefinitely for null. */
  readonly keepSessionsMs?: number | null | undefined;
  /**
   * Defaults to `normal`: a process crash loses no turn, but a power cut may lose the last writes, of conversations too.
   * With `full` a power cut loses nothing, but every write waits for the disk and blocks the whole process meanwhile.
   */
  readonly synchronous?: 'normal' | 'full' | undefined;
}

/** How long a write waits for that of another process, such as a backup, unless the handle has a time of its own. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Stores everything of one server process in one SQLite database and creates its tables. Runs that were in progress
 * when the process died continue when the next one starts. From then on use the history and the sessions of the
 * returned store only: on a shared handle, any statement between those of a transaction would become part of it. Throws
 * `config_invalid` if the tables are of a newer version of this library, or if `keepSessionsMs` is not a number of
 * milliseconds; older tables are upgraded.
 */
export function sqliteStore({
  database,
  history,
  sessions,
  synchronous = 'normal',
  keepSessionsMs,
}: SqliteStoreOptions): ServerStore {
  const keep = checkedKeep(keepSessionsMs);
  const changes = new Changes();
  const handle = new SqliteHandle(database, { history, sessions }, changes);
  prepare(database, handle, synchronous);
  const jobs = new SqliteJobs(handle.run);
  return {
    history: historyInTurn(history, handle),
    sessions: sessionsInTurn(sessions, handle),
    runs: new SqlRuns(handle, keep, changes, async (workers) => deliverJobs(jobs, changes, workers)),
    async ready() {
      await handle.run('SELECT 1', []);
    },
  };
}

function prepare(database: SqliteDatabase, { table }: SqliteHandle, synchronous: 'normal' | 'full'): void {
  const [timeout] = database.prepare('PRAGMA busy_timeout').all() as { timeout: number | bigint }[];
  if (Number(timeout?.timeout) === 0) database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(`PRAGMA synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
  // The events of a run go with it.
  database.exec('PRAGMA foreign_keys = ON');
  const versions = table('server_version');
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(`${createTables(table, 'INTEGER PRIMARY KEY AUTOINCREMENT')} ${JOBS_TABLE}`);
    database.exec(migrateTables(table, versionIn(database, versions)));
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
  const version = versionIn(database, versions);
  if (version !== TABLES_VERSION) throw refuseVersion(version, '');
}

function versionIn(database: SqliteDatabase, versions: string): number {
  const [row] = database.prepare(`SELECT version FROM ${versions}`).all() as { version: number | bigint }[];
  return Number(row?.version);
}
