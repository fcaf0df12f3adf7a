// Liveness and readiness, for load balancers, so without a token.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../turn/context.ts';

/** The database is queried at most this often, however many requests come. */
const READY_MS = 1_000;

const config = { isPublic: true, isHealthCheck: true, rateLimit: false } as const;

export function healthRoutes({ store, stopping }: ServerContext): (app: FastifyInstance) => Promise<void> {
  return async function healthPlugin(app) {
    let looked = { atMs: Number.NEGATIVE_INFINITY, result: Promise.resolve() };
    const ready = (): Promise<void> => {
      const atMs = performance.now();
      if (atMs - looked.atMs >= READY_MS) looked = { atMs, result: store.ready() };
      return looked.result;
    };
    app.get('/healthz', { config }, async () => ({ status: 'ok' }));
    app.get('/readyz', { config }, async (request) => {
      if (stopping.aborted) throw stopping.reason;
      try {
        await ready();
      } catch (error) {
        request.log.error({ err: error }, 'not ready');
        throw new AgentError('overloaded', 'The database does not answer.', { retryAfterMs: 2_000 });
      }
      return { status: 'ready' };
    });
  };
}
