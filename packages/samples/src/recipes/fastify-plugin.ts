// The whole server as a plugin of a Fastify app that has users already.
import { type AgentServerOptions, agentServer } from '@turnstream/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export async function addSupport(
  app: FastifyInstance,
  served: Pick<AgentServerOptions, 'agent' | 'store'>,
  ownerOf: (request: FastifyRequest) => string | null,
): Promise<void> {
  await app.register(agentServer, { prefix: '/support', ...served, identity: { authenticate: ownerOf } });
}
