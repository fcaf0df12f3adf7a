// The server of a container: settings from the environment, logs on stdout, a clean end on SIGTERM.
import { DatabaseSync } from 'node:sqlite';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';

const { PORT = '3000', DATA = '/data', TOKEN = '', HOSTS = 'localhost' } = process.env;

const database = new DatabaseSync(`${DATA}/support.db`);
const app = await createApp({
  agent: {
    client: new OpenAIResponsesClient({ model: 'gpt-4.1-mini' }),
    instructions: 'You answer customers of a shop.',
  },
  store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
  identity: { token: TOKEN },
  hosts: HOSTS.split(','),
});
process.once('SIGTERM', () => {
  void app.close().then(() => database.close());
});
await app.listen({ host: '0.0.0.0', port: Number(PORT) });
