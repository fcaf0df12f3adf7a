// Errors as HTTP answers: a status, a code, words for a person, and the id under which the log has the rest.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AgentError, type AgentErrorCode } from '@turnstream/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorEvent } from '../events/error-event.ts';
import type { ErrorEvent } from '../events/wire.ts';
import { causeOf } from './log.ts';

const STATUS: Readonly<Partial<Record<AgentErrorCode, number>>> = {
  input_invalid: 400,
  webhook_invalid: 400,
  auth: 401,
  forbidden: 403,
  not_found: 404,
  session_busy: 409,
  history_conflict: 409,
  approval_expired: 409,
  idempotency_conflict: 422,
  too_many_sessions: 409,
  rate_limited: 429,
  background_unsupported: 501,
  overloaded: 503,
  server_stopping: 503,
};

/** Codes of a failed answer that are about the request and not about the service. */
const REQUESTER_CODES: ReadonlySet<AgentErrorCode> = new Set([
  'input_invalid',
  'session_busy',
  'history_conflict',
  'not_found',
  'server_stopping',
]);

/** Codes for what hooks of the surrounding application refuse, for example its own rate limit. */
const REFUSED: Readonly<Partial<Record<number, AgentErrorCode>>> = {
  401: 'auth',
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
};

/** An answer that failed at the model: its codes are not about the requester, so they have other statuses. */
export class AnswerFailed extends Error {
  readonly event: ErrorEvent;

  constructor(cause: unknown, event: ErrorEvent = errorEvent(cause)) {
    super('the answer failed', { cause });
    this.event = event;
  }

  get status(): number {
    const { code } = this.event;
    if (code.endsWith('_timeout')) return 504;
    return REQUESTER_CODES.has(code) ? (STATUS[code] ?? 502) : 502;
  }
}

/** What went wrong, before a protocol puts it in its own shape. */
export interface Problem {
  readonly status: number;
  readonly code: AgentErrorCode;
  readonly message: string;
  readonly retryAfterMs?: number | null | undefined;
}

/** The body of an answer that says what went wrong. Text is sent as `text/plain`. */
export type ErrorBody = (problem: Problem, requestId: string, error: Error, request: FastifyRequest) => object | string;

export const ownBody: ErrorBody = ({ code, message }, requestId) => ({ error: { code, message, requestId } });

/** Errors of the routes of this scope. */
export function shapeErrors(app: FastifyInstance, body: ErrorBody): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answerWith(toProblem(error, request.routeOptions.bodyLimit), error, request, reply, body),
  );
}

export function addErrorAnswers(app: FastifyInstance): void {
  shapeErrors(app, ownBody);
  app.setNotFoundHandler((request, reply) => {
    const error = new AgentError('not_found', 'There is no such route. `GET /openapi.json` lists them.');
    return answerWith(toProblem(error), error, request, reply);
  });
}

/** Answers what Node's HTTP parser rejects, which no route or hook sees. Never repeats the path or the headers. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const status = UNREADABLE[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ error: { ...invalid(clientMistake(status)), requestId: crypto.randomUUID() } });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Errors of Node's HTTP server: https://nodejs.org/api/http.html#event-clienterror */
const UNREADABLE: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** Answers paths that Fastify's router cannot decode, such as `/%c0`. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void answerWith(toProblem(error), error, request, reply);
}

function answerWith(
  problem: Problem,
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  body: ErrorBody = ownBody,
): FastifyReply {
  const { status, retryAfterMs } = problem;
  const cause = error instanceof AnswerFailed ? causeOf(error.cause) : undefined;
  if (status >= 500) request.log.error({ err: error, cause }, 'request failed');
  if (retryAfterMs != null) void reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
  return reply.code(status).send(body(problem, request.id, error, request));
}

function toProblem(error: FastifyError | Error, bodyLimit?: number): Problem {
  if (error instanceof AnswerFailed) return { status: error.status, ...error.event };
  if (error instanceof AgentError && STATUS[error.code] !== undefined) {
    const { code, message, retryAfterMs } = error;
    return { status: STATUS[code] ?? 500, code, message, retryAfterMs };
  }
  if ('validation' in error && error.validation != null) return { status: 400, ...invalid(error.message) };
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  const refused = REFUSED[status];
  if (refused !== undefined)
    return { status, code: refused, message: `The application refused the request (${status}).` };
  if (status >= 400 && status < 500) return { status, ...invalid(clientMistake(status, bodyLimit)) };
  return { status: 500, code: 'server_error', message: 'The server failed. Its log has the request by its id.' };
}

function invalid(message: string): Pick<Problem, 'code' | 'message'> {
  return { code: 'input_invalid', message };
}

/** In our own words: messages of parsers quote the input. */
function clientMistake(status: number, bodyLimit?: number): string {
  if (status === 408) return 'The request did not arrive in time.';
  if (status === 431) return 'The headers are larger than this server allows.';
  if (status === 413) return `The body is larger than this route allows: ${bodyLimit} bytes.`;
  if (status === 415) return 'The body is not JSON. Send `content-type: application/json`.';
  return 'The request cannot be read. Check that its body is JSON and its URL is well formed.';
}
