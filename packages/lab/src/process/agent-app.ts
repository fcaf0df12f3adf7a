// The real server with the lab's agent, as one process would run it: it can be stopped, killed and restarted.
import type { DatabaseSync } from 'node:sqlite';
import type { ChatClient, Limits } from '@turnstream/core';
import { tool } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { agentServer, httpOptions } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { leakyStore } from './leaky-store.ts';
import { mortalStore } from './mortal-store.ts';
import { duringTurn, parseTurn, rememberForWorker, TURN_HEADER } from './turn.ts';

export interface AgentAppOptions {
  readonly client: ChatClient;
  readonly database: DatabaseSync;
  readonly token: string;
  readonly instructions: string;
  readonly guards: Limits;
}

export interface AgentApp {
  readonly app: FastifyInstance;
  /** Stops it as Ctrl-C does: releases runs, and sends streams a last event. */
  stop(): Promise<void>;
  /** Stops it as `kill -9` does: writes nothing more. */
  kill(): Promise<void>;
}

const weather = tool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string().describe('For example Paris.') }),
  execute: ({ city }) => `22 °C and sunny in ${city}`,
});

const postcard = tool({
  name: 'send_postcard',
  description: 'Sends a postcard to a city.',
  parameters: z.object({ city: z.string().describe('Such as Paris.') }),
  approval: 'always',
  execute: ({ city }) => `The postcard is on its way to ${city}.`,
});

export async function openAgentApp({
  client,
  database,
  token,
  instructions,
  guards,
}: AgentAppOptions): Promise<AgentApp> {
  const kept = sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) });
  const mortal = mortalStore(leakyStore(kept));
  // What the page is not told, for example that the key is wrong, goes to the terminal.
  const app = Fastify({ ...httpOptions(), logger: { level: 'warn', stream: process.stderr } });
  app.addHook('preHandler', (request, _reply, done) => {
    const turn = parseTurn(request.headers[TURN_HEADER]);
    const { message } = (request.body ?? {}) as { readonly message?: unknown };
    if (request.method === 'POST' && request.url === '/runs' && typeof message === 'string')
      rememberForWorker(message, turn);
    duringTurn(turn, done);
  });
  await app.register(agentServer, {
    agent: { client, instructions, name: 'lab-agent', tools: [weather, postcard] },
    store: mortal.store,
    identity: { token },
    guards,
    ceilings: { requestsPerMinute: 100_000, streamsPerUser: 32 },
    input: { '/chat': LONG, '/chat/stream': LONG, '/runs': LONG },
    inspect: true,
  });
  await app.ready();
  return {
    app,
    stop: () => app.close(),
    async kill() {
      mortal.die();
      await app.close();
    },
  };
}

/** Users may paste a whole log. */
export const MAX_MESSAGE_CHARS = 100_000;
const LONG = { maxMessageChars: MAX_MESSAGE_CHARS, maxBodyBytes: 1024 * 1024 };
