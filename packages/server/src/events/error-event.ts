// What a reader learns of an error: codes that concern the reader pass, what went wrong inside the server stays there.
import { AgentError, type AgentErrorCode } from '@turnstream/core';
import type { ErrorEvent } from './wire.ts';

/** Codes that say something to a reader. */
const READER_CODES: ReadonlySet<AgentErrorCode> = new Set([
  'context_length',
  'content_filter',
  'rate_limited',
  'server_error',
  'stream_malformed',
  'stream_truncated',
  'response_failed',
  'first_update_timeout',
  'idle_timeout',
  'total_timeout',
  'max_bytes',
  'session_busy',
  'history_conflict',
  'not_found',
  'background_unsupported',
  'background_expired',
  'background_timeout',
  'approval_expired',
  'overloaded',
  'reader_too_slow',
  'server_stopping',
]);

const NO_ANSWER = 'The server could not get the answer. Ask again later.';

/** In place of the service's own words: they can name its account, its quota and its machines. */
const SERVICE_FAILED: Readonly<Partial<Record<AgentErrorCode, string>>> = {
  context_length: 'The conversation is too long for the model. Start a new one.',
  content_filter: "The content filter of the model's service stopped it. Change the message.",
  rate_limited: "The model's service is busy. Ask again later.",
  server_error: "The model's service failed. Ask again later.",
  response_failed: "The model's answer failed. Ask again.",
};

/** The last event of a run whose workers died too often. It does not blame the model. */
export const GIVEN_UP: ErrorEvent = {
  type: 'error',
  code: 'server_error',
  message: 'The server was interrupted too often while it worked on this run. Start it again.',
  retryable: true,
  retryAfterMs: null,
};

/** The last event of a run whose worker died while approved calls may have been running. */
export const INTERRUPTED: ErrorEvent = afterApproval({
  ...GIVEN_UP,
  message: 'The server was interrupted while it worked on this run.',
});

/** What the requester can change, though it was found only while the answer was made: its words pass whatever the code. */
export class ReaderMistake extends AgentError {}

/** The same end for an answer that had used an approval, which counts once: asking again with it cannot succeed. */
export function afterApproval(end: ErrorEvent): ErrorEvent {
  const message = `${end.message} The approval was used: approved calls may have run, and do not run again.`;
  return { ...end, message, retryable: false, retryAfterMs: null };
}

/** The last event of an answer that failed. What is not for readers, a refused key among it, is `server_error`. */
export function errorEvent(error: unknown): ErrorEvent {
  if (!(error instanceof AgentError) || !isForReader(error)) {
    return { type: 'error', code: 'server_error', message: NO_ANSWER, retryable: true, retryAfterMs: null };
  }
  const { code, retryable, retryAfterMs = null } = error;
  const message = mayBeOfDatabase(error) ? NO_ANSWER : (SERVICE_FAILED[code] ?? error.message);
  return { type: 'error', code, message, retryable, retryAfterMs };
}

/** Whether the reader gets the error's own message. What the reader is not told is only in the log. */
export function isTold(error: unknown, { message }: ErrorEvent): boolean {
  return error instanceof AgentError && message.startsWith(error.message);
}

/** Database errors have no status. An error that the model's service reports in its stream may have none either. */
function mayBeOfDatabase({ code, status }: AgentError): boolean {
  return code === 'server_error' && status === undefined;
}

function isForReader(error: AgentError): boolean {
  return error instanceof ReaderMistake || (READER_CODES.has(error.code) && !isFromService(error));
}

/** A model that the service does not have is not the session that a reader asked for. */
function isFromService({ code, status }: AgentError): boolean {
  return code === 'not_found' && status !== undefined;
}
