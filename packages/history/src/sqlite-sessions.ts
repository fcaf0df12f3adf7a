// Session records in SQLite, beside the turns.
import { inSqlite } from './database-error.ts';
import { type RunSql, SqlSessions } from './sql-sessions.ts';
import { prepareDatabase, type SqliteDatabase } from './sqlite-history.ts';

// The index of owners covers what counting them reads: each new session of a server counts those of its owner.
const TABLES = `
  CREATE TABLE IF NOT EXISTS turnstream_sessions (
    session_key TEXT PRIMARY KEY, owner_key TEXT NOT NULL, version INTEGER NOT NULL, expires_at_ms INTEGER,
    record TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS turnstream_sessions_owner ON turnstream_sessions (owner_key, session_key, expires_at_ms);
  CREATE INDEX IF NOT EXISTS turnstream_sessions_expiry ON turnstream_sessions (expires_at_ms)
    WHERE expires_at_ms IS NOT NULL`;

/** Stores session records in a table of the open database and creates the table if it is missing. */
export class SqliteSessions extends SqlSessions {
  constructor(database: SqliteDatabase) {
    prepareDatabase(database, TABLES);
    const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
    /** Once for each of the few statements: preparing one costs more than running it. */
    const prepare = (sql: string): ReturnType<SqliteDatabase['prepare']> => {
      // SQLite counts its parameters as ?1 where Postgres says $1.
      const statement = database.prepare(sql.replaceAll('$', '?'));
      statements.set(sql, statement);
      return statement;
    };
    const run: RunSql = async (sql, values) => inSqlite(() => (statements.get(sql) ?? prepare(sql)).all(...values));
    super({ name: 'turnstream_sessions', savedAt: "record ->> 'savedAtMs'" }, run);
  }
}
