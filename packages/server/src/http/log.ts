// What the log shows of requests and errors: ids, sizes and codes. Never a header, a body, a query or somebody's words.
import { AgentError } from '@turnstream/core';
import type { FastifyRequest } from 'fastify';

/** Of a log line's `req`, `res` and `err`. */
export const quietSerializers: {
  req(request: FastifyRequest): { method: string; route: string; bytes: number };
  res(reply: { readonly statusCode?: number | string }): { statusCode: number };
  err(error: Error): { type: string; message: string; stack: string };
} = {
  req: ({ method, routeOptions, headers }) => ({
    method,
    route: routeOptions.url ?? 'unknown',
    bytes: Number(headers['content-length'] ?? 0),
  }),
  res: ({ statusCode }) => ({ statusCode: Number(statusCode) }),
  err: (error) => ({
    type: error.name,
    // Messages of our own hold no words of others; those of a database or a parser may.
    message: error instanceof AgentError ? `${error.code}: ${error.message}` : 'not shown',
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
  }),
};

/** The code of an error, without its message. Readers get `server_error` instead of some codes, for example `auth`. */
export function causeOf(error: unknown): string {
  if (error instanceof AgentError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
