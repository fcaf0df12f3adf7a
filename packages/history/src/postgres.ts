// The door of @turnstream/history/postgres: conversations and sessions in Postgres, for any number of processes.
export { PostgresHistory } from './postgres-history.ts';
export { migrate, type PostgresClient, type PostgresOptions } from './postgres-schema.ts';
export { PostgresSessions } from './postgres-sessions.ts';
