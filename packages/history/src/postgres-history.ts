// A history in Postgres: a head with the counter of each conversation, and one row a turn.
import type { HistoryProvider, Message } from '@turnstream/core';
import { checkLastTurns, historyConflict, type SessionKey } from '@turnstream/core/seams';
import { type PostgresClient, type PostgresOptions, queryRows, schemaName } from './postgres-schema.ts';
import { decodeTurns, encodeTurn } from './record.ts';
import { storedId } from './stored-id.ts';

/** Keeps conversations in the tables that `migrate` made. */
export class PostgresHistory implements HistoryProvider {
  readonly #run: (sql: string, values: unknown[]) => Promise<readonly unknown[]>;
  readonly #sql: ReturnType<typeof statements>;

  constructor(client: PostgresClient, options: PostgresOptions = {}) {
    const schema = schemaName(options);
    this.#run = (sql, values) => queryRows(client, schema, sql, values);
    this.#sql = statements(schema);
  }

  async load(
    { sessionId }: SessionKey,
    { lastTurns }: { readonly lastTurns?: number } = {},
  ): Promise<{ messages: readonly Message[]; version: number }> {
    checkLastTurns(lastTurns);
    const rows = await this.#run(this.#sql.load, [storedId(sessionId, 'key'), lastTurns ?? null]);
    const found = rows as readonly { version: number; record: string | null }[];
    const version = found[0]?.version ?? 0;
    const records = found.flatMap((row) => row.record ?? []);
    return { messages: decodeTurns(records, { sessionId, version, lastTurns }), version };
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const record = encodeTurn(turn, version + 1);
    const values = [storedId(sessionId, 'key'), record];
    const added =
      version === 0 ? await this.#run(this.#sql.first, values) : await this.#run(this.#sql.next, [...values, version]);
    if (added.length === 0) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    await this.#run(this.#sql.clear, [storedId(sessionId, 'key')]);
  }
}

// Each is one statement, so the counter and the turn move together or not at all, on any connection of a pool. The row of
// the head is what two appends and a clear wait for.
function statements(schema: string): Readonly<Record<'load' | 'first' | 'next' | 'clear', string>> {
  const addTurn = `INSERT INTO ${schema}.turns (session_key, turn, record)
    SELECT session_key, version, $2::text FROM head RETURNING turn`;
  return {
    // A limit of null is no limit. The head is found also where no turn is asked for.
    load: `SELECT head.version, turn.record FROM ${schema}.histories AS head
      LEFT JOIN LATERAL (
        SELECT turn, record FROM ${schema}.turns AS stored WHERE stored.session_key = head.session_key
        ORDER BY stored.turn DESC LIMIT $2::integer
      ) AS turn ON true
      WHERE head.session_key = $1::text ORDER BY turn.turn`,
    first: `WITH head AS (
        INSERT INTO ${schema}.histories (session_key, version) VALUES ($1::text, 1)
        ON CONFLICT (session_key) DO NOTHING RETURNING session_key, version
      ) ${addTurn}`,
    next: `WITH head AS (
        UPDATE ${schema}.histories SET version = version + 1
        WHERE session_key = $1::text AND version = $3::integer RETURNING session_key, version
      ) ${addTurn}`,
    clear: `DELETE FROM ${schema}.histories WHERE session_key = $1::text`,
  };
}
