import { DatabaseSync } from 'node:sqlite';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '@turnstream/server';
import { streamChat } from '@turnstream/server/client';
import { sqliteStore } from '@turnstream/server/sqlite';

const database = new DatabaseSync(':memory:'); // or a file
const app = await createApp({
  agent: { client: new OpenAIResponsesClient({ model: 'gpt-4.1-mini' }), instructions: 'Be concise.' },
  store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
  identity: { token: 'a-long-secret-token' },
  logger: { level: 'warn' }, // includes why an answer failed, which callers are not told
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });

// In a browser or in another process:
let sessionId: string | undefined;
for (const message of ['What is Python in one line?', 'How old is it?']) {
  for await (const event of streamChat({ url, token: 'a-long-secret-token', message, sessionId })) {
    if (event.type === 'session') sessionId = event.sessionId ?? undefined; // continues the conversation
    if (event.type === 'update') process.stdout.write(event.text);
  }
}
await app.close();
