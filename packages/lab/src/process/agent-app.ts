// The real server with the lab's agent, as one process of it would be: it can be stopped, killed and started again.
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
  /** Ends it as Ctrl-C does: runs are handed back, streams get a last event. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does: nothing is written any more. */
  kill(): Promise<void>;
}

const weather = tool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string().describe('Such as Paris.') }),
  execute: ({ city }) => `22 °C and sunny in ${city}`,
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
  const app = Fastify({ ...httpOptions(), logger: false });
  app.addHook('preHandler', (request, _reply, done) => {
    const turn = parseTurn(request.headers[TURN_HEADER]);
    const { message } = (request.body ?? {}) as { readonly message?: unknown };
    if (request.method === 'POST' && request.url === '/runs' && typeof message === 'string')
      rememberForWorker(message, turn);
    duringTurn(turn, done);
  });
  await app.register(agentServer, {
    agent: { client, instructions, name: 'lab-agent', tools: [weather] },
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

/** A pasted log is a question too. */
const LONG = { maxMessageChars: 100_000, maxBodyBytes: 1024 * 1024 };
