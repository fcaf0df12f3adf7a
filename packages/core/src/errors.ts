// One error class. The code says what happened, the message names the value and what to do about it.
import type { AgentResponse } from './message/response.ts';

/** Every code there is. */
export const AGENT_ERROR_CODES = [
  // what the caller handed in
  'config_invalid',
  'input_invalid',
  // what the service answered instead of a stream
  'auth',
  'forbidden',
  'not_found',
  'bad_request',
  'context_length',
  'content_filter',
  'rate_limited',
  'server_error',
  'connection_failed',
  // what went wrong with an answer under way
  'not_a_stream',
  'stream_malformed',
  'stream_truncated',
  'response_failed',
  // limits
  'first_update_timeout',
  'idle_timeout',
  'total_timeout',
  'max_bytes',
  // sessions and their history
  'session_busy',
  'session_invalid',
  'session_conflict',
  'history_mismatch',
  'history_conflict',
  'history_corrupt',
  // tools and structured output
  'tool_rounds_exceeded',
  'output_invalid',
  // background runs
  'background_unsupported',
  'background_expired',
  'background_timeout',
  'token_invalid',
  'webhook_invalid',
  // what a server says beside these
  'overloaded',
  'reader_too_slow',
  'server_stopping',
  'idempotency_conflict',
  // misuse of a stream
  'stream_consumed',
] as const;

export type AgentErrorCode = (typeof AGENT_ERROR_CODES)[number];

export interface AgentErrorOptions {
  readonly cause?: unknown;
  /** How long the service asked to wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** HTTP status of the service's answer. */
  readonly status?: number | undefined;
  /** The service's own error code, such as `context_length_exceeded`. */
  readonly serviceCode?: string | undefined;
}

/**
 * Everything that goes wrong on our side of a promise. An abort is not one of these: the signal's own reason is thrown.
 *
 * Messages hold no key, prompt or model text. `partial` holds what was delivered before the failure; it is not an own
 * property, so that a logger that prints all of an error does not print the conversation.
 */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;
  readonly retryAfterMs?: number;
  readonly status?: number;
  readonly serviceCode?: string;
  #partial: AgentResponse | undefined;

  constructor(code: AgentErrorCode, message: string, options: AgentErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.status !== undefined) this.status = options.status;
    if (options.serviceCode !== undefined) this.serviceCode = options.serviceCode;
  }

  /** What the run had delivered when it failed; undefined when nothing was. */
  get partial(): AgentResponse | undefined {
    return this.#partial;
  }

  /** Called once by the run that failed. */
  keepPartial(partial: AgentResponse): void {
    this.#partial ??= partial;
  }
}
