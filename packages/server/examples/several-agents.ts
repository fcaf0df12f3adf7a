import { migrate, PostgresHistory, PostgresSessions } from '@turnstream/history/postgres';
import { agentServer, httpOptions, type Identity, type ServedAgent } from '@turnstream/server';
import { postgresStore } from '@turnstream/server/postgres';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Pool } from 'pg';

/** Each agent is served under its name, and keeps what it has in the schema of that name. */
export async function serveAgents(
  agents: Readonly<Record<string, ServedAgent>>,
  { pool, identity }: { readonly pool: Pool; readonly identity: Identity },
): Promise<FastifyInstance> {
  const app = Fastify(httpOptions());
  for (const [schema, agent] of Object.entries(agents)) {
    await migrate(pool, { schema });
    const store = await postgresStore({
      pool,
      schema,
      history: (client) => new PostgresHistory(client, { schema }),
      sessions: (client) => new PostgresSessions(client, { schema }),
    });
    app.addHook('onClose', () => store[Symbol.asyncDispose]());
    await app.register(agentServer, { prefix: `/${schema}`, agent, store, identity });
  }
  return app;
}
