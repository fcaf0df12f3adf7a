// A server in a process of its own, as it would run: on a SQLite file, with its defaults. Says where it is, and how much
// of its heap is alive whenever it is asked. Arguments: the model's base URL, and the file.
import { DatabaseSync } from 'node:sqlite';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '../src/app.ts';
import { sqliteStore } from '../src/store/sqlite.ts';

const [baseURL = '', file = ''] = process.argv.slice(2);
const token = crypto.randomUUID();
const database = new DatabaseSync(file);
const app = await createApp({
  agent: { client: new OpenAIResponsesClient({ model: 'timed', apiKey: 'none', baseURL }) },
  store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
  identity: { token },
  // One user stands for many here.
  ceilings: { requestsPerMinute: 1_000_000, streamsPerUser: 1_000 },
  logger: { level: 'warn' },
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.on('message', () => void liveBytes().then((bytes) => process.send?.(bytes)));
process.on('disconnect', () => void app.close());
process.send?.({ url, token });

async function liveBytes(): Promise<number> {
  await globalThis.gc?.({ type: 'major', execution: 'async' });
  return process.memoryUsage().heapUsed;
}
