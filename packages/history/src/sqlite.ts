// The door of @turnstream/history/sqlite: conversations and sessions in a SQLite database.
export { type SqliteDatabase, SqliteHistory, type SqliteValue } from './sqlite-history.ts';
export { SqliteSessions } from './sqlite-sessions.ts';
