// The door of @turnstream/history/sqlite.
export { type SqliteDatabase, SqliteHistory, type SqliteValue } from './sqlite-history.ts';
export { SqliteSessions } from './sqlite-sessions.ts';
