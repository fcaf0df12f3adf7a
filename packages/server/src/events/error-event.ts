// What a reader is told of an error: codes that concern the reader pass, what went wrong behind the server stays there.
import { AgentError, type AgentErrorCode } from '@turnstream/core';
import type { ErrorEvent } from './wire.ts';

/** Codes that say something to a reader, and whether the same request can succeed when it is made once more. */
const READER_CODES: Readonly<Partial<Record<AgentErrorCode, boolean>>> = {
  context_length: false,
  content_filter: false,
  rate_limited: true,
  server_error: true,
  stream_malformed: true,
  stream_truncated: true,
  response_failed: true,
  first_update_timeout: true,
  idle_timeout: true,
  total_timeout: true,
  max_bytes: false,
  session_busy: true,
  history_conflict: true,
  not_found: false,
  background_unsupported: false,
  background_expired: true,
  background_timeout: true,
  overloaded: true,
  reader_too_slow: true,
  server_stopping: true,
};

/** In place of the service's own words: they can name its account, its quota and its machines. */
const SERVICE_FAILED: Readonly<Partial<Record<AgentErrorCode, string>>> = {
  context_length: 'The conversation is too long for the model. Begin a new one.',
  content_filter: "The filter of the model's service stopped it. Change the message.",
  rate_limited: 'The model is asked too much at present. Ask again later.',
  server_error: "The model's service failed. Ask again later.",
  response_failed: "The model's answer failed. Ask again.",
};

/** The last event of an answer that failed. What is not for readers, a refused key among it, is `server_error`. */
export function errorEvent(error: unknown): ErrorEvent {
  const retryable = error instanceof AgentError && !isOfTheService(error) ? READER_CODES[error.code] : undefined;
  if (!(error instanceof AgentError) || retryable === undefined) {
    const message = 'The server could not get the answer. Ask again later.';
    return { type: 'error', code: 'server_error', message, retryable: true, retryAfterMs: null };
  }
  const { code, retryAfterMs = null } = error;
  return { type: 'error', code, message: SERVICE_FAILED[code] ?? error.message, retryable, retryAfterMs };
}

/** A model that the service does not have is not the session that a reader asked for. */
function isOfTheService({ code, status }: AgentError): boolean {
  return code === 'not_found' && status !== undefined;
}
