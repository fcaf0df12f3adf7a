// Session records in Postgres, beside the turns.
import { type SessionStore, StoredSessions } from '@turnstream/core';
import { type PostgresClient, type PostgresOptions, queryRows, schemaName } from './postgres-schema.ts';
import { type RunSql, SqlSessionRows } from './sql-sessions.ts';

/** Session records in the tables that `migrate` made. */
export function postgresSessions(client: PostgresClient, options: PostgresOptions = {}): SessionStore {
  const schema = schemaName(options);
  const run: RunSql = (sql, values) => queryRows(client, schema, sql, values);
  return new StoredSessions(new SqlSessionRows(`${schema}.sessions`, run));
}
