// A history in Postgres: a head row with the counters of each conversation, and one row per turn.
import type { HistoryProvider, LoadedHistory, Message } from '@turnstream/core';
import {
  checkLastTurns,
  historyConflict,
  type LoadOptions,
  loadedHistory,
  removesTurns,
  type SessionKey,
} from '@turnstream/core/seams';
import { type PostgresClient, type PostgresOptions, queryRows, schemaName } from './postgres-schema.ts';
import { decodeTurns, encodeMessages, RECORD_START } from './record.ts';
import { storedId } from './stored-id.ts';

/** Stores conversations in the tables that `migrate` creates. */
export class PostgresHistory implements HistoryProvider {
  readonly #run: (sql: string, values: unknown[]) => Promise<readonly unknown[]>;
  readonly #sql: ReturnType<typeof statements>;

  constructor(client: PostgresClient, options: PostgresOptions = {}) {
    const schema = schemaName(options);
    this.#run = (sql, values) => queryRows(client, schema, sql, values);
    this.#sql = statements(schema);
  }

  async load({ sessionId }: SessionKey, { lastTurns }: LoadOptions = {}): Promise<LoadedHistory> {
    checkLastTurns(lastTurns);
    const rows = await this.#run(this.#sql.load, [storedId(sessionId, 'key'), lastTurns ?? null]);
    const found = rows as readonly { turns: number; ahead: number; record: string | null }[];
    const { turns: turnCount, ahead } = found[0] ?? { turns: 0, ahead: 0 };
    const records = found.flatMap((row) => row.record ?? []);
    return loadedHistory(decodeTurns(records, { sessionId, turnCount, lastTurns }), {
      turnCount,
      version: turnCount + ahead,
    });
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const values = [storedId(sessionId, 'key'), encodeMessages(turn)];
    // Postgres would reject the value with a database error.
    if (!Number.isSafeInteger(version)) throw historyConflict(sessionId, null, version);
    const added =
      version === 0 ? await this.#run(this.#sql.first, values) : await this.#run(this.#sql.next, [...values, version]);
    if (added.length === 0) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    const { sessionId } = session;
    const stored = await this.load(session, { lastTurns: 0 });
    if (!removesTurns(session, { turnCount, version }, stored)) return { version };
    const changed = await this.#run(this.#sql.truncate, [storedId(sessionId, 'key'), turnCount, version]);
    if (changed.length === 0) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    await this.#run(this.#sql.clear, [storedId(sessionId, 'key')]);
  }
}

// Each is one statement, so the counters and the turns change together or not at all, on any connection of a pool.
// Appends, truncates and clears wait for each other on the lock of the head row. The `version` column still counts the
// turns, as in library version 0.1, so that both versions of the library can share the tables; `ahead` is how far the
// version is ahead of it.
function statements(schema: string): Readonly<Record<'load' | 'first' | 'next' | 'truncate' | 'clear', string>> {
  const addTurn = `INSERT INTO ${schema}.turns (session_key, turn, record)
    SELECT session_key, version, '${RECORD_START}' || version || $2::text FROM head RETURNING turn`;
  return {
    // A limit of null means no limit. The head is returned even when no turn is asked for.
    load: `SELECT head.version AS turns, head.ahead, turn.record FROM ${schema}.histories AS head
      LEFT JOIN LATERAL (
        SELECT turn, record FROM ${schema}.turns AS stored WHERE stored.session_key = head.session_key
        ORDER BY stored.turn DESC LIMIT $2::bigint
      ) AS turn ON true
      WHERE head.session_key = $1::text ORDER BY turn.turn`,
    first: `WITH head AS (
        INSERT INTO ${schema}.histories (session_key, version) VALUES ($1::text, 1)
        ON CONFLICT (session_key) DO NOTHING RETURNING session_key, version
      ) ${addTurn}`,
    next: `WITH head AS (
        UPDATE ${schema}.histories SET version = version + 1
        WHERE session_key = $1::text AND version + ahead = $3::bigint RETURNING session_key, version
      ) ${addTurn}`,
    truncate: `WITH head AS (
        UPDATE ${schema}.histories SET version = $2::integer, ahead = $3::integer + 1 - $2::integer
        WHERE session_key = $1::text AND version + ahead = $3::integer AND version > $2::integer RETURNING session_key
      ), removed AS (
        DELETE FROM ${schema}.turns AS stored USING head
        WHERE stored.session_key = head.session_key AND stored.turn > $2::integer
      ) SELECT session_key FROM head`,
    clear: `DELETE FROM ${schema}.histories WHERE session_key = $1::text`,
  };
}
