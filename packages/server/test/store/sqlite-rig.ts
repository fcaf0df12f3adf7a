// The SQLite stores that the tests run against.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import type { ServerStore } from '../../src/store/run-store.ts';
import { type SqliteStoreOptions, sqliteStore } from '../../src/store/sqlite.ts';
import type { RigOptions } from './fixtures.ts';

export interface SqliteRig extends AsyncDisposable {
  readonly store: ServerStore;
  readonly database: DatabaseSync;
  readonly address: string;
  reopen(): Promise<ServerStore>;
  writtenBytes(): Promise<number>;
  sql(statements: string): Promise<void>;
  table(name: string): string;
}

export type SqliteRigOptions = RigOptions & Pick<SqliteStoreOptions, 'synchronous'>;

/** A store in a file of its own, which goes with it. */
export async function openSqliteRig(options: SqliteRigOptions = {}): Promise<SqliteRig> {
  const folder = await mkdtemp(join(tmpdir(), 'turnstream-server-'));
  const file = join(folder, 'server.db');
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true }));
  const first = openSqliteStore(file, options);
  const { store, database } = first;
  const opened = [first];
  // Options that the store refuses leave no folder behind.
  const disposables = cleanUp.move();
  return {
    store,
    database,
    address: `sqlite ${file}`,
    async reopen() {
      const again = openSqliteStore(file, options);
      opened.push(again);
      return again.store;
    },
    async writtenBytes() {
      // So that the log only grows.
      database.exec('PRAGMA wal_autocheckpoint = 0');
      return (await stat(`${file}-wal`)).size;
    },
    sql: async (statements) => database.exec(statements),
    table: (name) => `turnstream_${name}`,
    async [Symbol.asyncDispose]() {
      for (const each of opened) each.database.close();
      await disposables.disposeAsync();
    },
  };
}

export function openSqliteStore(
  file: string,
  { around = (history) => history, ...options }: SqliteRigOptions = {},
): { readonly store: ServerStore; readonly database: DatabaseSync } {
  const database = new DatabaseSync(file);
  // So that the history creates its tables without fsync; the store then sets `synchronous` itself.
  database.exec('PRAGMA synchronous = OFF');
  const [history, sessions] = [around(new SqliteHistory(database)), new SqliteSessions(database)];
  return { store: sqliteStore({ database, history, sessions, ...options }), database };
}
