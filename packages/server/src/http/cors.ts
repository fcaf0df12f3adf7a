// CORS: which other origins may call the server. Without a list none may, and no answer has a CORS header.
import fastifyCors from '@fastify/cors';
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';
import { refuseSecond } from './second-plugin.ts';

/** What clients send besides their token: ours, and those of other protocols. */
const REQUEST_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'user-agent',
  'a2a-extensions',
  'a2a-version',
  'openai-organization',
  'openai-project',
  // The `openai` client describes itself in every request.
  'x-stainless-arch',
  'x-stainless-custom-poll-interval',
  'x-stainless-helper-method',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-poll-helper',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-timeout',
];

/** Answers preflights before authentication. Throws `config_invalid` for a string that is not an origin. */
export async function addCors(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  for (const origin of origins) {
    if (URL.parse(origin)?.origin === origin) continue;
    throw new AgentError(
      'config_invalid',
      `cors.origins has ${JSON.stringify(origin)}; write scheme, host and port, as in "https://app.example.com".`,
    );
  }
  refuseSecond(
    app,
    'corsPreflightEnabled',
    '@fastify/cors',
    'that plugin also covers the routes of the agent, so leave `cors` out',
  );
  await app.register(fastifyCors, {
    origin: [...origins],
    methods: ['GET', 'POST', 'DELETE'],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: ['location', 'retry-after', 'x-request-id', 'x-should-retry'],
    maxAge: 600,
  });
}
