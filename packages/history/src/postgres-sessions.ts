// Session records in Postgres, beside the turns.
import { type PostgresClient, type PostgresOptions, queryRows, schemaName } from './postgres-schema.ts';
import { type RunSql, SqlSessions } from './sql-sessions.ts';

/** Stores session records in the tables that `migrate` creates. */
export class PostgresSessions extends SqlSessions {
  constructor(client: PostgresClient, options: PostgresOptions = {}) {
    const schema = schemaName(options);
    const run: RunSql = (sql, values) => queryRows(client, schema, sql, values);
    super({ name: `${schema}.sessions`, savedAt: "(record::json ->> 'savedAtMs')::bigint" }, run);
  }
}
