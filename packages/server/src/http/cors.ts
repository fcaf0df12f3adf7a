// CORS: which other origins may call the server. Without a list none may, and no answer has a CORS header.
import fastifyCors from '@fastify/cors';
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';

/** Answers preflights before authentication. Throws `config_invalid` for a string that is not an origin. */
export async function addCors(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  for (const origin of origins) {
    if (URL.parse(origin)?.origin === origin) continue;
    throw new AgentError(
      'config_invalid',
      `cors.origins has ${JSON.stringify(origin)}; write scheme, host and port, as in "https://app.example.com".`,
    );
  }
  await app.register(fastifyCors, {
    origin: [...origins],
    methods: ['GET', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id'],
    exposedHeaders: ['location', 'retry-after'],
    maxAge: 600,
  });
}
