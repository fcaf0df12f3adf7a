import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { SqliteHistory, SqliteSessions } from '../src/sqlite.ts';
import { newFolder } from './folder.ts';
import { openHistoryModule } from './open-history.ts';

historyContract('sqlite', async () => {
  const folder = await newFolder();
  const file = join(folder.path, 'history.db');
  const databases: DatabaseSync[] = [];
  const open = (): SqliteHistory => {
    const database = new DatabaseSync(file);
    databases.push(database);
    return new SqliteHistory(database);
  };
  return {
    history: open(),
    reopen: open,
    spoil(sessionId) {
      const spoil = "UPDATE turnstream_turns SET record = 'spoiled' WHERE session_key = ? AND turn = 2";
      databases[0]!.prepare(spoil).run(sessionId);
    },
    otherProcess: { module: openHistoryModule, argument: `sqlite ${file}`, kills: 100 },
    async [Symbol.asyncDispose]() {
      for (const database of databases) database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
});

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
