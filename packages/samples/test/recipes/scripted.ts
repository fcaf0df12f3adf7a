// What the tests of recipes talk to: a scripted model, and a shop whose conversations are in memory.
import { DatabaseSync } from 'node:sqlite';
import { Agent, type ChatClient, MemoryHistory, MemorySessions } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type AppOptions } from '@turnstream/server';
import { streamChat } from '@turnstream/server/client';
import { sqliteStore } from '@turnstream/server/sqlite';
import { type ServedModel, type Step, serveModel } from '@turnstream/testkit';
import type { Support } from '../../src/recipes/open-chat.ts';

export interface Scripted extends AsyncDisposable {
  readonly model: ServedModel;
  readonly client: ChatClient;
}

export async function scripted(...steps: readonly Step[]): Promise<Scripted> {
  const model = await serveModel(...steps);
  return {
    model,
    client: new OpenAIResponsesClient({ model: 'scripted', apiKey: 'none', baseURL: model.baseURL, maxRetries: 0 }),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

export const token = 'a-token-for-this-test';

/** A server's options, but for the agent: what it stores is gone with the process. */
export function inMemory(): Pick<AppOptions, 'store' | 'identity' | 'logger'> {
  const database = new DatabaseSync(':memory:');
  const history = new SqliteHistory(database);
  const sessions = new SqliteSessions(database);
  return { store: sqliteStore({ database, history, sessions }), identity: { token }, logger: false };
}

export function shopInMemory(client: ChatClient): Support {
  return { agent: new Agent({ client, history: new MemoryHistory() }), sessions: new MemorySessions() };
}

/** What a reader of the stream gets: the words, and the session that the server named. */
export async function asked(options: Parameters<typeof streamChat>[0]): Promise<{ text: string; sessionId: string }> {
  let text = '';
  let sessionId = '';
  for await (const event of streamChat(options)) {
    if (event.type === 'session') sessionId = event.sessionId ?? '';
    if (event.type === 'update') text += event.text;
  }
  return { text, sessionId };
}
