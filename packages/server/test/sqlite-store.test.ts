import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryProvider } from '@turnstream/core';
import { SqliteHistory, sqliteSessions } from '@turnstream/history/sqlite';
import type { ServerStore } from '../src/store/run-store.ts';
import { sqliteStore } from '../src/store/sqlite.ts';
import { storeContract } from './store-contract.ts';

storeContract('sqlite (file)', async ({ around = (history: HistoryProvider) => history } = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'turnstream-store-'));
  const databases: DatabaseSync[] = [];
  const open = async (): Promise<ServerStore> => {
    const database = new DatabaseSync(join(folder, 'server.db'));
    databases.push(database);
    const history = around(new SqliteHistory(database));
    return sqliteStore({ database, history, sessions: sqliteSessions(database) });
  };
  return {
    store: await open(),
    reopen: open,
    async [Symbol.asyncDispose]() {
      for (const database of databases) database.close();
      await rm(folder, { recursive: true });
    },
  };
});
