// A history in SQLite: one row per turn, in a database that several processes on one machine may have open.
import type { HistoryProvider, LoadedHistory, Message } from '@turnstream/core';
import {
  checkLastTurns,
  historyConflict,
  type LoadOptions,
  loadedHistory,
  removesTurns,
  type SessionKey,
} from '@turnstream/core/seams';
import { inSqlite } from './database-error.ts';
import { decodeTurns, encodeMessages, RECORD_START } from './record.ts';
import { storedId } from './stored-id.ts';

/** A value that is bound to a statement. */
export type SqliteValue = string | number | null;

/** The part of a database that is used here. `DatabaseSync` of `node:sqlite` fits. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): { all(...values: SqliteValue[]): unknown[] };
}

/** How long a write waits for another process's write, unless the handle has its own timeout. */
const BUSY_TIMEOUT_MS = 5_000;

// `ahead` is how far the version is ahead of the number of turns. Only sessions that were truncated have a row.
const TABLES = `
  CREATE TABLE IF NOT EXISTS turnstream_turns (
    session_key TEXT NOT NULL, turn INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (session_key, turn)
  );
  CREATE TABLE IF NOT EXISTS turnstream_truncates (session_key TEXT PRIMARY KEY, ahead INTEGER NOT NULL)`;

// One statement, for a consistent view of turns and version: the newest turns, and a row without a record for `ahead`.
const LOAD = `
  SELECT turn, record FROM (
    SELECT turn, record FROM turnstream_turns WHERE session_key = ?1 ORDER BY turn DESC LIMIT ?2
  )
  UNION ALL SELECT ahead, NULL FROM turnstream_truncates WHERE session_key = ?1`;

const COUNTS = `(
  SELECT (SELECT coalesce(max(turn), 0) FROM turnstream_turns WHERE session_key = ?1) AS turns,
    coalesce((SELECT ahead FROM turnstream_truncates WHERE session_key = ?1), 0) AS ahead
)`;

// One statement takes the write lock before it looks, so nothing comes between the comparison and the row.
const APPEND = `
  INSERT INTO turnstream_turns (session_key, turn, record)
  SELECT ?1, turns + 1, '${RECORD_START}' || (turns + 1) || ?3 FROM ${COUNTS} WHERE turns + ahead = ?2
  RETURNING turn`;

const TRUNCATE = `
  INSERT INTO turnstream_truncates (session_key, ahead)
  SELECT ?1, ?2 + 1 - ?3 FROM ${COUNTS} WHERE turns + ahead = ?2 AND turns > ?3
  ON CONFLICT (session_key) DO UPDATE SET ahead = excluded.ahead
  RETURNING ahead`;
const REMOVE = 'DELETE FROM turnstream_turns WHERE session_key = ?1 AND turn > ?2';
const FORGET = 'DELETE FROM turnstream_truncates WHERE session_key = ?1';

/**
 * Stores conversations in tables of the open database and creates missing tables. Switches the database to WAL, so that
 * readers and a writer do not wait for each other. Calls block the thread while SQLite works.
 */
export class SqliteHistory implements HistoryProvider {
  readonly #database: SqliteDatabase;
  readonly #load: Statement;
  readonly #append: Statement;
  readonly #truncate: Statement;
  readonly #remove: Statement;
  readonly #forget: Statement;

  constructor(database: SqliteDatabase) {
    prepareDatabase(database, TABLES);
    const prepare = (sql: string): Statement => {
      const statement = inSqlite(() => database.prepare(sql));
      return (...values) => inSqlite(() => statement.all(...values));
    };
    this.#database = database;
    this.#load = prepare(LOAD);
    this.#append = prepare(APPEND);
    this.#truncate = prepare(TRUNCATE);
    this.#remove = prepare(REMOVE);
    this.#forget = prepare(FORGET);
  }

  async load({ sessionId }: SessionKey, { lastTurns }: LoadOptions = {}): Promise<LoadedHistory> {
    checkLastTurns(lastTurns);
    // The newest row counts the turns, so one is read even when no turn is asked for; -1 is no limit.
    const limit = lastTurns === undefined ? -1 : Math.max(1, lastTurns);
    const rows = this.#load(storedId(sessionId, 'key'), limit) as Row[];
    const ahead = Number(rows.find(({ record }) => record === null)?.turn ?? 0);
    const turns = rows.filter(({ record }) => record !== null).toSorted((a, b) => Number(a.turn) - Number(b.turn));
    const turnCount = Number(turns.at(-1)?.turn ?? 0);
    const records = lastTurns === 0 ? [] : turns.map(({ record }) => record as string);
    return loadedHistory(decodeTurns(records, { sessionId, turnCount, lastTurns }), {
      turnCount,
      version: turnCount + ahead,
    });
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const added = this.#append(storedId(sessionId, 'key'), version, encodeMessages(turn));
    if (added.length === 0) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    const stored = await this.load(session, { lastTurns: 0 });
    if (!removesTurns(session, { turnCount, version }, stored)) return { version };
    const key = storedId(session.sessionId, 'key');
    // The first statement compares and takes the write lock, as in an append, so another process cannot interleave.
    const isCurrent = this.#together(() => {
      if (this.#truncate(key, version, turnCount).length === 0) return false;
      this.#remove(key, turnCount);
      return true;
    });
    if (!isCurrent) throw historyConflict(session.sessionId, null, version);
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    const key = storedId(sessionId, 'key');
    this.#together(() => {
      this.#remove(key, 0);
      this.#forget(key);
    });
  }

  /** Runs all of the statements or none. A savepoint, because the owner of the handle may have opened a transaction. */
  #together<T>(work: () => T): T {
    inSqlite(() => this.#database.exec('SAVEPOINT turnstream'));
    try {
      const result = work();
      inSqlite(() => this.#database.exec('RELEASE turnstream'));
      return result;
    } catch (error) {
      this.#undo();
      throw error;
    }
  }

  #undo(): void {
    try {
      this.#database.exec('ROLLBACK TO turnstream; RELEASE turnstream');
    } catch {
      // A full disk has already rolled it back.
    }
  }
}

type Statement = (...values: SqliteValue[]) => unknown[];

/** A turn; or, without a record, how far the version is ahead. */
interface Row {
  readonly turn: number | bigint;
  readonly record: string | null;
}

/**
 * Sets up the database as every SQLite store needs it, and creates the store's own tables. Throws `config_invalid` when
 * the database is closed or read-only, or the file is not a database.
 */
export function prepareDatabase(database: SqliteDatabase, tables: string): void {
  inSqlite(() => {
    const [timeout] = database.prepare('PRAGMA busy_timeout').all() as { timeout: number | bigint }[];
    if (Number(timeout?.timeout) === 0) database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(tables);
  });
}
