// Session records in Postgres, beside the turns.
import { StoredSessions } from '@turnstream/core/seams';
import { type PostgresClient, type PostgresOptions, queryRows, schemaName } from './postgres-schema.ts';
import { type RunSql, SqlSessionRows } from './sql-sessions.ts';

/** Session records in the tables that `migrate` made. */
export class PostgresSessions extends StoredSessions {
  constructor(client: PostgresClient, options: PostgresOptions = {}) {
    const schema = schemaName(options);
    const run: RunSql = (sql, values) => queryRows(client, schema, sql, values);
    super(new SqlSessionRows(`${schema}.sessions`, run));
  }
}
