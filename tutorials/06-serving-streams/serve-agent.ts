// An agent behind HTTP, on this machine only: what is served, where it is kept, and who may ask.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AgentError, type ChatClient, type Limits } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { createApp, type ServedAgent } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';

export interface ServeOptions {
  /** Of the database; kept in memory when left out. */
  readonly file?: string;
  /** Any free one when left out. */
  readonly port?: number;
  readonly guards?: Limits;
  readonly page?: boolean;
}

export interface ServedAddress extends AsyncDisposable {
  readonly url: string;
  /** Whoever has it may ask. */
  readonly token: string;
}

/** Rejects with `config_invalid` for a port that is taken, or none. */
export async function serveAgent(
  client: ChatClient,
  { file = ':memory:', port = 0, ...options }: ServeOptions = {},
): Promise<ServedAddress> {
  if (file !== ':memory:') await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  const agent: ServedAgent = { client, instructions: 'You answer briefly.', name: 'served-agent' };
  const token = crypto.randomUUID();
  const app = await createApp({
    agent,
    store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
    identity: { token },
    logger: false,
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port }).catch((cause: NodeJS.ErrnoException) => {
    throw new AgentError('config_invalid', `Cannot listen on port ${port} (${cause.code}). Choose another one.`, {
      cause,
    });
  });
  return {
    url,
    token,
    async [Symbol.asyncDispose]() {
      await app.close();
      database.close();
    },
  };
}
