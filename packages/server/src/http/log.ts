// What the log shows of requests and errors: ids, sizes and codes. Never a header, a body, a query or somebody's words.
import { AgentError } from '@turnstream/core';
import type { FastifyRequest } from 'fastify';

type QuietError = {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: unknown;
  readonly serviceCode?: string | undefined;
  readonly cause?: QuietError | undefined;
};

/** Of a log line's `req`, `res` and `err`. */
export const quietSerializers: {
  req(request: FastifyRequest): { method: string; route: string; bytes: number };
  res(reply: { readonly statusCode?: number | string }): { statusCode: number };
  err(error: Error): QuietError;
} = {
  req: ({ method, routeOptions, headers }) => ({
    method,
    route: routeOptions.url ?? 'unknown',
    bytes: Number(headers['content-length'] ?? 0),
  }),
  res: ({ statusCode }) => ({ statusCode: Number(statusCode) }),
  err: (error) => {
    // Messages of our own hold no words of others; those of a database or a parser may.
    const message = error instanceof AgentError ? `${error.code}: ${error.message}` : 'not shown';
    return { ...wordless(error), message };
  },
};

/** Causes may go round in a circle. */
const MAX_CAUSES = 5;

/** A cause may hold words of the model's service, so only its codes are shown. */
function wordless(error: Error & { readonly code?: unknown }, depth = 0): QuietError {
  return {
    type: error.name,
    message: 'not shown',
    code: error.code,
    serviceCode: error instanceof AgentError ? error.serviceCode : undefined,
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    cause: error.cause instanceof Error && depth < MAX_CAUSES ? wordless(error.cause, depth + 1) : undefined,
  };
}

/** The code of an error, without its message. Readers get `server_error` instead of some codes, for example `auth`. */
export function causeOf(error: unknown): string {
  if (error instanceof AgentError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
