// Session records in a SQL table, in the SQL that SQLite and Postgres share. The owner is part of every query.
import type { SessionRow, SessionRows } from '@turnstream/core/seams';
import { storedId } from './stored-id.ts';

/** Runs one statement with parameters `$1`, `$2` … and resolves with its rows. */
export type RunSql = (sql: string, values: (string | number | null)[]) => Promise<readonly unknown[]>;

const LIVE = '(expires_at_ms IS NULL OR expires_at_ms >';

export class SqlSessionRows implements SessionRows {
  readonly #table: string;
  readonly #run: RunSql;

  constructor(table: string, run: RunSql) {
    this.#table = table;
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
    if (row.version === 1) await this.#run(`DELETE FROM ${this.#table} WHERE expires_at_ms <= $1`, [nowMs]);
    const { version, expiresAtMs, record } = row;
    const keys = [storedId(row.sessionId, 'key'), storedId(row.owner, 'key')];
    const written = await this.#run(version === 1 ? this.#insert : this.#update, [
      ...keys,
      version,
      expiresAtMs,
      record,
      ...(version === 1 ? [] : [nowMs]),
    ]);
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

  async remove(sessionId: string, owner: string, nowMs: number): Promise<boolean> {
    const rows = await this.#run(
      `DELETE FROM ${this.#table} WHERE session_key = $1 AND owner_key = $2 AND ${LIVE} $3) RETURNING version`,
      [storedId(sessionId, 'key'), storedId(owner, 'key'), nowMs],
    );
    return rows.length > 0;
  }

  get #insert(): string {
    return `INSERT INTO ${this.#table} (session_key, owner_key, version, expires_at_ms, record)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session_key) DO NOTHING RETURNING version`;
  }

  get #update(): string {
    return `UPDATE ${this.#table} SET version = $3, expires_at_ms = $4, record = $5
      WHERE session_key = $1 AND owner_key = $2 AND version = $3 - 1 AND ${LIVE} $6) RETURNING version`;
  }
}

function recordsOf(rows: readonly unknown[]): string[] {
  return (rows as readonly { readonly record: string }[]).map((row) => row.record);
}
