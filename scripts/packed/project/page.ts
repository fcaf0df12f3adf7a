// Copied into the consumer by check-packages: the packed server serves its page with every module that this leads to.
import { DatabaseSync } from 'node:sqlite';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';

const database = new DatabaseSync(':memory:');
const app = await createApp({
  // Nothing is asked of it.
  agent: { client: new OpenAIResponsesClient({ model: 'none', apiKey: 'none', baseURL: 'http://127.0.0.1:9' }) },
  store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
  identity: { token: crypto.randomUUID() },
  logger: false,
  page: true,
});

const seen = new Set<string>();
const html = await load('/');
const { imports } = JSON.parse(/<script type="importmap">(.*)<\/script>/.exec(html)?.[1] ?? '{}') as {
  imports: Record<string, string>;
};
for (const [, address = ''] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) await follow(address);
await app.close();
console.log(`the page of the packed server: ${seen.size} files`);

async function follow(address: string): Promise<void> {
  if (seen.has(address)) return;
  const text = await load(address);
  for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]/gm))
    await follow(imports[name] ?? new URL(name, new URL(address, 'http://page')).pathname);
}

async function load(address: string): Promise<string> {
  seen.add(address);
  const { statusCode, payload } = await app.inject({ url: address, headers: { host: '127.0.0.1' } });
  if (statusCode !== 200) throw new Error(`the page leads to ${address}, which is answered with ${statusCode}`);
  return payload;
}
