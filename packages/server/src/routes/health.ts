// Whether the process answers, and whether it can do its work. For load balancers: no token, and nothing told.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../turn/context.ts';

const config = { isPublic: true, isHealthCheck: true, rateLimit: false } as const;

export function healthRoutes({ store, stopping }: ServerContext): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get('/healthz', { config }, async () => ({ status: 'ok' }));
    app.get('/readyz', { config }, async (request) => {
      if (stopping.aborted) throw stopping.reason;
      try {
        await store.ready();
      } catch (error) {
        request.log.error({ err: error }, 'not ready');
        throw new AgentError('overloaded', 'The database does not answer.', { retryAfterMs: 2_000 });
      }
      return { status: 'ready' };
    });
  };
}
