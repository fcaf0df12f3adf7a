// A SQLite history for the contract suites, in a database file of its own.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryRig } from '@turnstream/testkit/contracts';
import { SqliteHistory } from '../src/sqlite.ts';
import { newFolder } from './folder.ts';
import { openHistoryModule } from './open-history.ts';

export async function sqliteRig(kills: number): Promise<HistoryRig> {
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
    otherProcess: { module: openHistoryModule, argument: `sqlite ${file}`, kills },
    async [Symbol.asyncDispose]() {
      for (const database of databases) database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
