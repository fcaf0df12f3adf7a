// Session records in a SQL table, in the SQL that SQLite and Postgres share. The owner is part of every query.
import { AgentError, type SavedSession } from '@turnstream/core';
import { json, type SessionRow, type SessionRows, StoredSessions, savedSession } from '@turnstream/core/seams';
import { storedId } from './stored-id.ts';

/** Runs one statement with parameters `$1`, `$2` … and resolves with its rows. */
export type RunSql = (sql: string, values: (string | number | null)[]) => Promise<readonly unknown[]>;

/** The table of a back end, and its SQL for a record's member `savedAtMs`. */
export interface SessionTable {
  readonly name: string;
  readonly savedAt: string;
}

/** The last session of the page before. */
export interface SessionCursor {
  readonly savedAtMs: number;
  readonly sessionId: string;
}

/** Sessions in SQL, which can also be listed by time, counted and cleaned up. */
export class SqlSessions extends StoredSessions {
  readonly #rows: SqlSessionRows;

  constructor(table: SessionTable, run: RunSql) {
    const rows = new SqlSessionRows(table, run);
    super(rows);
    this.#rows = rows;
  }

  /**
   * The owner's sessions, those that were saved last first, `limit` of them. Continues after the session `after`, also when
   * that one was saved again or deleted meanwhile. Rejects with `input_invalid` for a limit that is not a whole number of
   * at least 1.
   */
  async latest(
    owner: string,
    options: { readonly limit: number; readonly after?: SessionCursor },
  ): Promise<readonly SavedSession[]> {
    checkLimit(options.limit);
    return (await this.#rows.latest(owner, options, Date.now())).map(savedSession);
  }

  /** How many sessions the owner has, expired ones aside. */
  async count(owner: string): Promise<number> {
    return this.#rows.count(owner, Date.now());
  }

  /**
   * Deletes expired sessions of all owners, at most `limit` of them, and resolves with their ids. Their turns are left to
   * the caller, to be removed by the history's `clear`. Rejects an invalid limit as `latest` does.
   */
  async deleteExpired(limit: number): Promise<readonly string[]> {
    checkLimit(limit);
    return (await this.#rows.removeExpired(limit, Date.now())).map(sessionIdOf);
  }
}

function checkLimit(limit: number): void {
  if (Number.isSafeInteger(limit) && limit >= 1) return;
  throw new AgentError('input_invalid', `limit is ${limit}; it must be a whole number of at least 1.`);
}

const LIVE = '(expires_at_ms IS NULL OR expires_at_ms >';

class SqlSessionRows implements SessionRows {
  readonly #table: string;
  readonly #savedAt: string;
  readonly #run: RunSql;

  constructor({ name, savedAt }: SessionTable, run: RunSql) {
    this.#table = name;
    this.#savedAt = savedAt;
    this.#run = run;
  }

  async read(sessionId: string, owner: string, nowMs: number): Promise<string | null> {
    const rows = await this.#run(
      `SELECT record FROM ${this.#table} WHERE session_key = $1 AND owner_key = $2 AND ${LIVE} $3)`,
      [storedId(sessionId, 'key'), storedId(owner, 'key'), nowMs],
    );
    return recordsOf(rows)[0] ?? null;
  }

  async write(row: SessionRow, nowMs: number): Promise<boolean> {
    const { version, expiresAtMs, record } = row;
    const keys = [storedId(row.sessionId, 'key'), storedId(row.owner, 'key')];
    const values = [...keys, version, expiresAtMs, record, nowMs];
    const written = await this.#run(version === 1 ? this.#insert : this.#update, values);
    return written.length > 0;
  }

  async list(
    owner: string,
    { after, limit }: { readonly after: string | null; readonly limit: number },
    nowMs: number,
  ): Promise<readonly string[]> {
    const rows = await this.#run(
      `SELECT record FROM ${this.#table} WHERE owner_key = $1 AND session_key > $2 AND ${LIVE} $3)
       ORDER BY session_key LIMIT $4`,
      [storedId(owner, 'key'), after === null ? '' : storedId(after, 'key'), nowMs, limit],
    );
    return recordsOf(rows);
  }

  async latest(
    owner: string,
    { limit, after }: { readonly limit: number; readonly after?: SessionCursor },
    nowMs: number,
  ): Promise<readonly string[]> {
    const at = this.#savedAt;
    const cursor = after === undefined ? [] : [after.savedAtMs, storedId(after.sessionId, 'key')];
    const isAfter = after === undefined ? '' : `AND (${at} < $4 OR (${at} = $4 AND session_key > $5))`;
    const rows = await this.#run(
      `SELECT record FROM ${this.#table} WHERE owner_key = $1 AND ${LIVE} $2) ${isAfter}
       ORDER BY ${at} DESC, session_key LIMIT $3`,
      [storedId(owner, 'key'), nowMs, limit, ...cursor],
    );
    return recordsOf(rows);
  }

  async remove(sessionId: string, owner: string, nowMs: number): Promise<boolean> {
    const rows = await this.#run(
      `DELETE FROM ${this.#table} WHERE session_key = $1 AND owner_key = $2 AND ${LIVE} $3) RETURNING version`,
      [storedId(sessionId, 'key'), storedId(owner, 'key'), nowMs],
    );
    return rows.length > 0;
  }

  async count(owner: string, nowMs: number): Promise<number> {
    const rows = await this.#run(
      `SELECT count(*) AS sessions FROM ${this.#table} WHERE owner_key = $1 AND ${LIVE} $2)`,
      [storedId(owner, 'key'), nowMs],
    );
    const [row] = rows as readonly { readonly sessions: number | bigint | string }[];
    return Number(row?.sessions);
  }

  async removeExpired(limit: number, nowMs: number): Promise<readonly string[]> {
    // The time is compared twice: a row may have been saved again while the statement waited for it.
    const rows = await this.#run(
      `DELETE FROM ${this.#table} WHERE expires_at_ms <= $1 AND session_key IN (
         SELECT session_key FROM ${this.#table} WHERE expires_at_ms <= $1 ORDER BY expires_at_ms LIMIT $2
       ) RETURNING record`,
      [nowMs, limit],
    );
    return recordsOf(rows);
  }

  /** An expired session with the same id makes way. */
  get #insert(): string {
    return `INSERT INTO ${this.#table} AS stored (session_key, owner_key, version, expires_at_ms, record)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session_key) DO UPDATE SET owner_key = excluded.owner_key,
        version = excluded.version, expires_at_ms = excluded.expires_at_ms, record = excluded.record
      WHERE stored.expires_at_ms <= $6 RETURNING version`;
  }

  get #update(): string {
    return `UPDATE ${this.#table} SET version = $3, expires_at_ms = $4, record = $5
      WHERE session_key = $1 AND owner_key = $2 AND version = $3 - 1 AND ${LIVE} $6) RETURNING version`;
  }
}

function recordsOf(rows: readonly unknown[]): string[] {
  return (rows as readonly { readonly record: string }[]).map((row) => row.record);
}

const recordWithId = json.object({ session: json.object({ sessionId: json.id }) });

function sessionIdOf(record: string): string {
  const refuse = (problem: string): AgentError =>
    new AgentError('session_invalid', `An expired session cannot be read: ${problem}.`);
  return json.read(json.parse(record, refuse), recordWithId, refuse).session.sessionId;
}
