// What a provider throws or reports becomes an AgentError. Errors are recognized by name and shape: providers bring their own copies of the classes.
import { AgentError, type AgentErrorCode } from '@turnstream/core';
import {
  asCount,
  asObject,
  asText,
  type CallContext,
  capped,
  type JsonObject,
  reportedError,
  reportOf,
  retryAfterMs,
  safeCause,
  serviceError,
  takeHeaders,
} from '@turnstream/core/seams';

const CALL = 'AI_APICallError';

const CODES: ReadonlyMap<string, AgentErrorCode> = new Map([
  ['AI_LoadAPIKeyError', 'auth'],
  ['AI_LoadSettingError', 'config_invalid'],
  ['AI_NoSuchModelError', 'config_invalid'],
  ['AI_InvalidArgumentError', 'input_invalid'],
  ['AI_InvalidPromptError', 'input_invalid'],
  ['AI_NoSuchProviderReferenceError', 'input_invalid'],
  ['AI_UnsupportedFunctionalityError', 'input_invalid'],
  ['AI_EmptyResponseBodyError', 'not_a_stream'],
  // A time limit of the provider's own: the caller's signal never gets here.
  ['AbortError', 'connection_failed'],
  ['TimeoutError', 'connection_failed'],
]);

/** What the provider could not read. Their messages quote it, so nothing but their names is passed on. */
const QUOTING: ReadonlySet<string> = new Set([
  'AI_InvalidResponseDataError',
  'AI_JSONParseError',
  'AI_NoContentGeneratedError',
  'AI_TypeValidationError',
]);

/** Several providers report a stream without an end as an answer that they could not read. */
const ENDED_EARLY = /\bended without\b/;

const MAX_MESSAGE_CHARS = 300;

/**
 * The error of a call that has no answer. By status: `auth` 401, `forbidden` 403, `not_found` 404, `rate_limited` 429,
 * `server_error` 408 and 5xx, `bad_request` any other 4xx unless the service says `context_length` or `content_filter`.
 * `connection_failed` when there was no status, `input_invalid` when the provider has no place for something in the
 * request, `auth` and `config_invalid` when it is not set up, `stream_malformed` and `stream_truncated` when the answer
 * could not be read.
 */
export function providerError(error: unknown, context: CallContext): AgentError {
  if (error instanceof AgentError) return error;
  if (!(error instanceof Error)) return serviceError(reportIn(error), context);
  if (error.name === CALL) return callError(error, context);
  const cause = causeOf(error, context);
  if (QUOTING.has(error.name)) return ENDED_EARLY.test(error.message) ? truncated(cause) : unreadable(cause);
  const code = CODES.get(error.name) ?? 'config_invalid';
  const why = capped(context.redact(error.message), MAX_MESSAGE_CHARS).replace(/\.$/, '');
  return new AgentError(code, `The provider did not make the call: ${why}.`, { cause });
}

/** The error that a provider reports inside an answer. An unknown one means that the stream broke. */
export function errorInAnswer(error: unknown, context: CallContext): AgentError {
  const isUnknown = error instanceof Error && error.name !== CALL && !QUOTING.has(error.name) && !CODES.has(error.name);
  return isUnknown && !(error instanceof AgentError) ? brokenStream(error, context) : providerError(error, context);
}

/** The error of a stream that stopped, by a failure or without one, before the answer was finished. */
export function brokenStream(error: unknown, context: CallContext): AgentError {
  if (error instanceof Error && QUOTING.has(error.name)) return unreadable(causeOf(error, context));
  return truncated(error === undefined ? undefined : causeOf(error, context));
}

/** What the AI SDK's `APICallError` holds besides the request. */
interface CallError extends Error {
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly data?: unknown;
}

function callError(error: CallError, context: CallContext): AgentError {
  const { statusCode, responseHeaders } = error;
  const cause = causeOf(error, context);
  const headers = new Headers(responseHeaders);
  takeHeaders(context, headers);
  const body = asObject(error.data) ?? parsed(error.responseBody);
  const reported = reportedError(undefined, body);
  if (statusCode === undefined) {
    const what = 'The service could not be reached. Check the base URL and the network.';
    return new AgentError('connection_failed', what, { cause });
  }
  if (statusCode < 400 && reported === null) return unread(error, headers, cause);
  const report = reported ?? reportOf(body ?? {});
  // Some providers make an error of status 500 out of one that came inside an answer.
  const status = statusCode < 400 ? report.status : statusCode;
  return serviceError({ ...report, status, retryAfterMs: retryAfterMs(headers) ?? undefined, cause }, context);
}

/** The service answered, and the provider could not read it. */
function unread(error: CallError, headers: Headers, cause: unknown): AgentError {
  if (headers.get('content-type')?.includes('text/html') === true) {
    const what = "The service answered with text/html, which is not a model's answer. Check the base URL.";
    return new AgentError('not_a_stream', what, { cause });
  }
  if (error.cause instanceof Error && QUOTING.has(error.cause.name)) return unreadable(cause);
  return truncated(cause);
}

export function truncated(cause?: unknown): AgentError {
  const what = 'The stream stopped before the answer was finished. Ask again.';
  return new AgentError('stream_truncated', what, cause === undefined ? {} : { cause });
}

export function unreadable(cause: unknown): AgentError {
  return new AgentError('stream_malformed', 'The provider could not read the answer of the service. Ask again.', {
    cause,
  });
}

/** Reads an error inside an answer: an object from the service, perhaps with an HTTP status, or a sentence. */
function reportIn(error: unknown): ReturnType<typeof reportOf> {
  const body = asObject(error);
  const status = asCount(body?.['statusCode']) ?? undefined;
  return reportedError(undefined, body) ?? reportOf(body ?? { message: asText(error) }, status);
}

function parsed(text: string | undefined): JsonObject | null {
  try {
    return asObject(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

/** Safe to log: without the request and the answer that these errors carry. */
function causeOf(error: unknown, { redact }: CallContext): unknown {
  const quoting = quotingIn(error);
  return quoting === null ? safeCause(error, redact) : new Error(quoting);
}

function quotingIn(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) if (QUOTING.has(each.name)) return each.name;
  return null;
}
