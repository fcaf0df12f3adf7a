// An agent behind HTTP, on this machine only: what is served, where it is stored, and who may call it.
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AgentError, type ChatClient } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { type AppOptions, createApp, type ServerStore } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';

export interface ServeOptions extends Pick<AppOptions, 'guards' | 'page' | 'callbacks'> {
  /** Path of the database; in memory by default. */
  readonly file?: string;
  /** Any free port by default. */
  readonly port?: number;
}

export interface ServedAddress extends AsyncDisposable {
  readonly url: string;
  /** Anyone with this token may call the server. */
  readonly token: string;
}

/** Rejects with `config_invalid` for an invalid port, one in use, or a file that cannot be opened. */
export async function serveAgent(
  client: ChatClient,
  { file = ':memory:', port = 0, ...options }: ServeOptions = {},
): Promise<ServedAddress> {
  const store = await openStore(file);
  const token = crypto.randomUUID();
  const app = await createApp({
    agent: { client, instructions: 'You answer briefly.', name: 'served-agent' },
    store: store.tables,
    identity: { token },
    // What callers are not told, for example that the key is wrong, goes to the terminal.
    logger: { level: 'warn', stream: process.stderr },
    ...options,
  });
  const url = await listen(app, port);
  return {
    url,
    token,
    async [Symbol.asyncDispose]() {
      await app.close();
      store.close();
    },
  };
}

/** Conversations, runs and their events, in one database. */
async function openStore(file: string): Promise<{ readonly tables: ServerStore; readonly close: () => void }> {
  const database = await openDatabase(file);
  const tables = sqliteStore({
    database,
    history: new SqliteHistory(database),
    sessions: new SqliteSessions(database),
  });
  return { tables, close: () => database.close() };
}

async function openDatabase(file: string): Promise<DatabaseSync> {
  try {
    if (file !== ':memory:') await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    return new DatabaseSync(file);
  } catch (cause) {
    const path = resolve(file);
    throw new AgentError(
      'config_invalid',
      `Cannot open a database at ${path}. This process must be able to write there.`,
      {
        cause,
      },
    );
  }
}

function listen(app: Awaited<ReturnType<typeof createApp>>, port: number): Promise<string> {
  return app.listen({ host: '127.0.0.1', port }).catch((cause: NodeJS.ErrnoException) => {
    throw new AgentError('config_invalid', `Cannot listen on port ${port} (${cause.code}). Choose another one.`, {
      cause,
    });
  });
}
