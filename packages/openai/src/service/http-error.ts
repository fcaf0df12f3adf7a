// What the SDK throws when a request got no answer becomes an AgentError; nothing of the SDK's error is passed on as it is.
import { AgentError } from '@turnstream/core';
import {
  asObject,
  asText,
  type CallContext,
  reportOf,
  retryAfterMs,
  safeCause,
  serviceError,
  takeHeaders,
} from '@turnstream/core/seams';
import { OpenAIError } from 'openai';
import { gaveUpWaiting } from './timeout.ts';

/**
 * `auth` 401, `forbidden` 403, `not_found` 404, `rate_limited` 429, `server_error` 408 and 5xx, `bad_request` any other 4xx unless
 * the service's code says `context_length` or `content_filter`. Without an answer, the SDK's own timeout included:
 * `connection_failed`. A key that could not be fetched is `auth`, a request that could not be made `config_invalid`.
 */
export function requestError(error: unknown, context: CallContext): AgentError {
  if (error instanceof AgentError) return error;
  const cause = safeCause(error, context.redact);
  if (!isApiError(error)) return unmade(error, cause);
  if (error.status !== undefined) return answered(error, error.status, cause, context);
  return new AgentError(
    'connection_failed',
    gaveUpWaiting(error) ??
      'The service could not be reached or did not answer in time. Check the base URL and the network.',
    { cause },
  );
}

/** The request was never made: any later failure is thrown by the SDK as an `APIError`. */
function unmade(error: unknown, cause: unknown): AgentError {
  if (isSdkError(error)) {
    return new AgentError('auth', 'No key for the request: the function that provides it failed. See the cause.', {
      cause,
    });
  }
  const what = 'The request could not be built from its base URL, headers and parameters. See the cause.';
  return new AgentError('config_invalid', what, { cause });
}

/** What the SDK's `APIError` holds. By its shape: a client may come from another copy or version of the SDK. */
interface ApiError extends Error {
  readonly status: number | undefined;
  /** A plain object in versions before 5. */
  readonly headers: Headers | Readonly<Record<string, string>> | undefined;
  readonly error: unknown;
}

function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && 'status' in error && 'headers' in error && 'error' in error;
}

function isSdkError(error: unknown): boolean {
  if (error instanceof OpenAIError) return true;
  for (let type: unknown = error; type instanceof Error; type = Object.getPrototypeOf(type)) {
    if (type.constructor.name === 'OpenAIError') return true;
  }
  return false;
}

function answered(error: ApiError, status: number, cause: unknown, context: CallContext): AgentError {
  const headers = new Headers(error.headers);
  takeHeaders(context, headers);
  const body = asObject(error.error);
  const report = reportOf(body ?? {}, status);
  return serviceError(
    {
      ...report,
      message: report.message ?? plainText(error, status, body === null),
      retryAfterMs: retryAfterMs(headers) ?? undefined,
      cause,
    },
    context,
  );
}

/** The SDK's message has a body that is not JSON after the status. A page of HTML explains nothing. */
function plainText(error: ApiError, status: number, noObject: boolean): string | null {
  if (!noObject) return null;
  const text = asText(error.message.replace(`${status} `, '').trim());
  return text === null || text.startsWith('<') || text.endsWith('(no body)') ? null : text;
}
