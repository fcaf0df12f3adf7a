// Session records in Postgres, beside the turns.
import { type SessionStore, StoredSessions } from '@turnstream/core';
import { type PostgresClient, type PostgresOptions, schemaName } from './postgres-schema.ts';
import { SqlSessionRows } from './sql-sessions.ts';

/** Session records in the tables that `migrate` made. */
export function postgresSessions(client: PostgresClient, options: PostgresOptions = {}): SessionStore {
  const table = `${schemaName(options)}.sessions`;
  return new StoredSessions(new SqlSessionRows(table, async (sql, values) => (await client.query(sql, values)).rows));
}
