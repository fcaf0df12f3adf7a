import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { SqliteSessions } from '../src/sqlite.ts';
import { newFolder } from './folder.ts';
import { sqliteRig } from './sqlite-rig.ts';

historyContract('sqlite', () => sqliteRig(2));

sessionStoreContract('sqlite', async () => {
  const folder = await newFolder();
  const file = join(folder.path, 'sessions.db');
  const databases = [new DatabaseSync(file), new DatabaseSync(file)] as const;
  return {
    sessions: new SqliteSessions(databases[0]),
    reopen: () => new SqliteSessions(databases[1]),
    async [Symbol.asyncDispose]() {
      for (const database of databases) database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
});
