// Each agent on a server has a store of its own: workers take any job of their store, and run it with their agent.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';
import type { AgentServerOptions, ServedAgent } from '../options.ts';
import type { ServerStore } from '../store/run-store.ts';

const served = new WeakMap<FastifyInstance['server'], Map<ServerStore, ServedAgent>>();

/** Throws `config_invalid` when the server has another agent on this store. */
export function refuseSharedStore({ server }: FastifyInstance, { agent, store }: AgentServerOptions): void {
  const stores = served.get(server) ?? new Map<ServerStore, ServedAgent>();
  served.set(server, stores);
  if (stores.has(store) && stores.get(store) !== agent) {
    throw new AgentError(
      'config_invalid',
      'Another agent of this server uses this store, and each would work on the runs of the other. Give every agent a store of its own: another schema on Postgres, another file on SQLite.',
    );
  }
  stores.set(store, agent);
}
