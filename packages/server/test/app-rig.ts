// A server as an application makes it, on a real socket, over a scripted model, with the requests of one user.
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import type { ChatClient, Limits } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { type ServedModel, type Step, serveModel } from '@turnstream/testkit';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { FastifyInstance } from 'fastify';
import { type AppOptions, createApp } from '../src/app.ts';
import type { ServerStore } from '../src/store/run-store.ts';
import { sqliteStore } from '../src/store/sqlite.ts';

export const TOKEN = 'a-token-for-the-tests-of-ann';

export type Api = 'responses' | 'chat_completions';

export interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What the routes answer, as far as tests read it. */
export interface Body {
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
  readonly sessionId: string;
  readonly messages: readonly unknown[];
  readonly runId: string;
  readonly state: string;
  readonly text: string;
}

export interface Answer extends Response {
  json(): Promise<Body>;
}

export interface Rig extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly model: ServedModel;
  readonly client: ChatClient;
  readonly store: ServerStore;
  /** What was logged, one JSON line each. */
  readonly log: readonly string[];
  post(path: string, body?: unknown, init?: Init): Promise<Answer>;
  get(path: string, init?: Init): Promise<Answer>;
}

export interface RigOptions extends Partial<Omit<AppOptions, 'agent' | 'logger'>> {
  readonly steps?: readonly Step[];
  readonly api?: Api;
  readonly guards?: Limits;
  readonly agent?: Partial<AppOptions['agent']>;
}

export async function openRig({ steps = [], api = 'responses', agent, ...options }: RigOptions = {}): Promise<Rig> {
  const model = await serveModel(...steps);
  const store = options.store ?? memoryStore();
  const client = clientOf(model, api);
  const log: string[] = [];
  const app = await createApp({
    agent: { client, instructions: 'Be concise.', ...agent },
    store,
    identity: { token: TOKEN },
    logger: { level: 'trace', stream: { write: (line) => void log.push(line) } },
    ...options,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const authorization = `Bearer ${TOKEN}`;
  return {
    app,
    url,
    model,
    client,
    store,
    log,
    post: (path, body, init = {}) =>
      fetchJson(url + path, {
        method: 'POST',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...init,
        headers: { authorization, ...(body === undefined ? {} : JSON_TYPE), ...init.headers },
      }),
    get: (path, init = {}) => fetchJson(url + path, { ...init, headers: { authorization, ...init.headers } }),
    async [Symbol.asyncDispose]() {
      await app.close();
      await model[Symbol.asyncDispose]();
    },
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

const fetchJson = (url: string, init: RequestInit): Promise<Answer> => fetch(url, init);

export function memoryStore(): ServerStore {
  const database = new DatabaseSync(':memory:');
  return sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) });
}

function clientOf({ baseURL }: ServedModel, api: Api): ChatClient {
  const options = { model: 'gpt-4.1', apiKey: 'sk-secret-key', baseURL, maxRetries: 0 };
  return api === 'responses' ? new OpenAIResponsesClient(options) : new OpenAIChatCompletionsClient(options);
}

export interface Frame {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Record<string, unknown>;
}

/** The frames of a stream, while they come. Leaving the loop closes the connection. */
export async function* frames(response: Response): AsyncGenerator<Frame, undefined> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  const decoder = new TextDecoder();
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    for (const { id, event, data } of arrived.splice(0)) yield { id, event, data: JSON.parse(data) };
  }
}

export async function framesOf(response: Response): Promise<readonly Frame[]> {
  return Array.fromAsync(frames(response));
}

/** Each event as its name and the part of its payload that tells. */
export function brief(all: readonly Frame[]): readonly string[] {
  return all.map(({ event, data }) => {
    const text = data['text'] ?? data['code'] ?? data['status'] ?? data['mode'];
    return `${event} ${JSON.stringify(text)}`;
  });
}
