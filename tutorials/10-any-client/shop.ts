// The chat of a small shop, behind every protocol that the server speaks.
import { DatabaseSync } from 'node:sqlite';
import { type ChatClient, tool } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { type AppOptions, createApp } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';
import { z } from 'zod';

export interface Shop extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** Breaks every connection, as a process that dies does. */
  die(): void;
}

const PROTOCOLS: Partial<AppOptions> = {
  openai: {},
  ui: { history: 'server' },
  agui: { history: 'server' },
  a2a: { description: 'Knows where orders are.' },
};

const findOrder = tool({
  name: 'find_order',
  description: 'Finds an order of this shop by its number.',
  parameters: z.object({ number: z.string().describe('Number of the order, such as A7') }),
  execute: ({ number }) => `Order ${number} left Rome on Monday.`,
});

export async function openShop(client: ChatClient): Promise<Shop> {
  const database = new DatabaseSync(':memory:');
  const token = crypto.randomUUID();
  const app = await createApp({
    agent: { client, name: 'shop', instructions: 'You are the chat of a small shop.', tools: [findOrder] },
    store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
    identity: { token },
    // What clients are not told, for example that the key is wrong, goes to the terminal.
    logger: { level: 'warn', stream: process.stderr },
    ...PROTOCOLS,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    token,
    die: () => app.server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      await app.close();
      database.close();
    },
  };
}
