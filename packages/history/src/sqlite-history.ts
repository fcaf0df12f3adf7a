// A history in SQLite: one row a turn, in a database that several processes of one machine may have open.
import type { HistoryProvider, Message } from '@turnstream/core';
import { checkLastTurns, historyConflict, type SessionKey } from '@turnstream/core/seams';
import { decodeTurns, encodeTurn } from './record.ts';
import { storedId } from './stored-id.ts';

export type SqliteValue = string | number | null;

/** What is used of a database. `DatabaseSync` of `node:sqlite` is one. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): { all(...values: SqliteValue[]): unknown[] };
}

/** How long a write waits for that of another process, unless the handle has a time of its own. */
const BUSY_TIMEOUT_MS = 5_000;

const TABLE = `
  CREATE TABLE IF NOT EXISTS turnstream_turns (
    session_key TEXT NOT NULL, turn INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (session_key, turn)
  )`;

const LOAD = 'SELECT turn, record FROM turnstream_turns WHERE session_key = ?1 ORDER BY turn DESC LIMIT ?2';

// One statement takes the write lock before it looks, so nothing comes between the comparison and the row.
const APPEND = `
  INSERT INTO turnstream_turns (session_key, turn, record) SELECT ?1, ?2 + 1, ?3
  WHERE (SELECT coalesce(max(turn), 0) FROM turnstream_turns WHERE session_key = ?1) = ?2
  RETURNING turn`;

const CLEAR = 'DELETE FROM turnstream_turns WHERE session_key = ?1';

/**
 * Keeps conversations in a table of the open database, which is made when it is missing. The database is switched to
 * WAL, so that readers and a writer do not wait for each other. Calls block the thread while SQLite works.
 */
export class SqliteHistory implements HistoryProvider {
  readonly #load: ReturnType<SqliteDatabase['prepare']>;
  readonly #append: ReturnType<SqliteDatabase['prepare']>;
  readonly #clear: ReturnType<SqliteDatabase['prepare']>;

  constructor(database: SqliteDatabase) {
    prepareDatabase(database, TABLE);
    this.#load = database.prepare(LOAD);
    this.#append = database.prepare(APPEND);
    this.#clear = database.prepare(CLEAR);
  }

  async load(
    { sessionId }: SessionKey,
    { lastTurns }: { readonly lastTurns?: number } = {},
  ): Promise<{ messages: readonly Message[]; version: number }> {
    checkLastTurns(lastTurns);
    // The newest row says the version, so one is read even when no turn is asked for; -1 is no limit.
    const limit = lastTurns === undefined ? -1 : Math.max(1, lastTurns);
    const rows = this.#load.all(storedId(sessionId, 'key'), limit) as { turn: number | bigint; record: string }[];
    const version = Number(rows[0]?.turn ?? 0);
    const records = rows.map((row) => row.record).toReversed();
    return { messages: decodeTurns(lastTurns === 0 ? [] : records, { sessionId, version, lastTurns }), version };
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const record = encodeTurn(turn, version + 1);
    const added = this.#append.all(storedId(sessionId, 'key'), version, record);
    if (added.length === 0) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    this.#clear.all(storedId(sessionId, 'key'));
  }
}

/** What every store in a SQLite database needs of it, and the store's own table. */
export function prepareDatabase(database: SqliteDatabase, table: string): void {
  const [timeout] = database.prepare('PRAGMA busy_timeout').all() as { timeout: number | bigint }[];
  if (Number(timeout?.timeout) === 0) database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(table);
}
