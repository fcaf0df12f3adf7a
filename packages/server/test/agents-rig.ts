// Two agents on one Fastify server, `support` and `sales`: each under its own prefix, on its own store and scripted model.
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type ServedModel, type Step, serveModel } from '@turnstream/testkit';
import Fastify, { type FastifyInstance } from 'fastify';
import { httpOptions } from '../src/app.ts';
import type { Connection } from '../src/client/index.ts';
import type { AgentServerOptions, ServedAgent } from '../src/options.ts';
import { agentServer } from '../src/plugin.ts';
import type { ServerStore } from '../src/store/run-store.ts';
import { TOKEN } from './app-rig.ts';
import type { BackEnd } from './back-ends.ts';

export const names = ['support', 'sales'] as const;
export type Name = (typeof names)[number];
export type PerAgent<T> = Readonly<Record<Name, T>>;

export interface Agents extends PerAgent<Connection>, AsyncDisposable {
  readonly app: FastifyInstance;
}

export type Changes = Partial<PerAgent<Partial<AgentServerOptions>>>;

export async function serveAgents(
  models: PerAgent<ServedModel>,
  stores: PerAgent<ServerStore>,
  changes: Changes = {},
): Promise<Agents> {
  const app = Fastify(httpOptions());
  for (const name of names) {
    const [agent, store] = [agentOver(models[name], name), stores[name]];
    await app.register(agentServer, { prefix: `/${name}`, agent, store, identity: { token: TOKEN }, ...changes[name] });
  }
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const at = (name: Name): Connection => ({ url: `${url}/${name}`, token: TOKEN });
  return { app, support: at('support'), sales: at('sales'), [Symbol.asyncDispose]: () => app.close() };
}

export function agentOver({ baseURL }: ServedModel, name: Name): ServedAgent {
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'sk-secret-key', baseURL, maxRetries: 0 });
  return { client, instructions: `Be ${name}.` };
}

export async function modelsOf(steps: PerAgent<readonly Step[]>): Promise<PerAgent<ServedModel> & AsyncDisposable> {
  const [support, sales] = [await serveModel(...steps.support), await serveModel(...steps.sales)];
  return {
    support,
    sales,
    async [Symbol.asyncDispose]() {
      await support[Symbol.asyncDispose]();
      await sales[Symbol.asyncDispose]();
    },
  };
}

export interface Databases extends AsyncDisposable {
  readonly stores: PerAgent<ServerStore>;
  /** The same ones after a restart. */
  reopen(): Promise<PerAgent<ServerStore>>;
}

/** A schema for each agent on Postgres, a file for each on SQLite. */
export async function openDatabases({ open }: BackEnd): Promise<Databases> {
  const [support, sales] = [await open(), await open()];
  return {
    stores: { support: support.store, sales: sales.store },
    reopen: async () => ({ support: await support.reopen(), sales: await sales.reopen() }),
    async [Symbol.asyncDispose]() {
      await support[Symbol.asyncDispose]();
      await sales[Symbol.asyncDispose]();
    },
  };
}
