// An agent on a real socket, as an application serves it, over a scripted model that remembers what it was asked.
import { DatabaseSync } from 'node:sqlite';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type AppOptions, createApp, type ServerStore } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';
import { type ServedModel, type Step, serveModel } from '@turnstream/testkit';

export const TOKEN = 'a-token-for-the-tests-of-ann';

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly model: ServedModel;
  /** What the server logged, one JSON line each. */
  readonly log: readonly string[];
  /** Cuts every connection at once, as a process that dies does. */
  die(): void;
}

export interface ServeOptions extends Partial<Omit<AppOptions, 'agent'>> {
  readonly steps: readonly Step[];
  readonly agent?: Partial<AppOptions['agent']>;
}

export async function serve({ steps, agent, ...options }: ServeOptions): Promise<Served> {
  const model = await serveModel(...steps);
  const client = new OpenAIResponsesClient({
    baseURL: model.baseURL,
    model: 'test-model',
    apiKey: 'sk-test',
    maxRetries: 0,
  });
  const log: string[] = [];
  const app = await createApp({
    store: memoryStore(),
    identity: { token: TOKEN },
    logger: { stream: { write: (line) => void log.push(line) } },
    ...options,
    agent: { client, name: 'shop', ...agent },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    model,
    log,
    die: () => app.server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await model[Symbol.asyncDispose]();
    },
  };
}

function memoryStore(): ServerStore {
  const database = new DatabaseSync(':memory:');
  return sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) });
}
