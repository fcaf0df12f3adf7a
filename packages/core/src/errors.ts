// One error class. The code says what happened, the message names the value and what to do about it.
import type { RateLimit } from './message/metadata.ts';
import type { AgentResponse } from './message/response.ts';

/**
 * Every error code, and whether repeating the same call can succeed: never, at once, or after a wait. Code that retries
 * reads this table through `AgentError.retryable`.
 */
const CODES = {
  // errors in the caller's input
  config_invalid: 'never',
  input_invalid: 'never',
  // what the service answered instead of a stream
  auth: 'never',
  forbidden: 'never',
  not_found: 'never',
  bad_request: 'never',
  context_length: 'never',
  content_filter: 'never',
  rate_limited: 'later',
  server_error: 'later',
  connection_failed: 'again',
  // what went wrong in the middle of an answer
  not_a_stream: 'never',
  stream_malformed: 'again',
  stream_truncated: 'again',
  response_failed: 'again',
  // limits
  first_update_timeout: 'again',
  idle_timeout: 'again',
  total_timeout: 'again',
  max_bytes: 'never',
  // sessions and their history
  session_busy: 'later',
  session_invalid: 'never',
  session_conflict: 'again',
  history_mismatch: 'never',
  history_conflict: 'again',
  history_corrupt: 'never',
  // tools and structured output
  tool_rounds_exceeded: 'never',
  approval_expired: 'never',
  output_invalid: 'again',
  // background runs
  background_unsupported: 'never',
  background_expired: 'never',
  background_timeout: 'again',
  token_invalid: 'never',
  webhook_invalid: 'never',
  // what only a server says
  overloaded: 'later',
  reader_too_slow: 'again',
  server_stopping: 'again',
  idempotency_conflict: 'never',
  too_many_sessions: 'never',
  // misuse of a stream
  stream_consumed: 'never',
} as const;

/** What went wrong, as one word. `docs/reference/errors.md` explains each code and what to do. */
export type AgentErrorCode = keyof typeof CODES;

/** The codes as data, for parsing one from another process. */
export const AGENT_ERROR_CODES: readonly AgentErrorCode[] = Object.keys(CODES) as AgentErrorCode[];

/**
 * The retryable codes that end one run. Another run may succeed; asking about this one again finds the same end: its
 * answer failed or does not match, another turn took its place, its time is over.
 */
const ENDS_OF_A_RUN: ReadonlySet<AgentErrorCode> = new Set([
  'response_failed',
  'output_invalid',
  'history_conflict',
  'background_timeout',
]);

export interface AgentErrorOptions {
  readonly cause?: unknown;
  /** How long the service asked to wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** HTTP status of the service's answer. */
  readonly status?: number | undefined;
  /** The service's own error code, such as `context_length_exceeded`. */
  readonly serviceCode?: string | undefined;
  /** The service's id of the HTTP request, to quote to its support. */
  readonly requestId?: string | undefined;
  /** What was left of the service's rate limits, keyed by what each limit counts. */
  readonly rateLimits?: Readonly<Record<string, RateLimit>> | undefined;
  /** What the other side said of a retry, where that counts more than the code. */
  readonly retryable?: boolean | undefined;
}

const partials = new WeakMap<AgentError, AgentResponse>();

/**
 * The only error class of this library. An abort is not an `AgentError`: it throws the signal's own reason.
 *
 * Messages contain no key, prompt or model text. `partial` holds what was delivered before the failure. It is not an
 * own property, so a logger that prints a whole error does not print the conversation.
 *
 * @example
 * ```ts source="../../samples/src/examples.ts#answerOrReason"
 * export async function answerOrReason(agent: Agent, question: string): Promise<string> {
 *   try {
 *     const { text } = await agent.run(question);
 *     return text;
 *   } catch (error) {
 *     if (!(error instanceof AgentError)) throw error;
 *     return error.code === 'rate_limited' ? `Try again in ${error.retryAfterMs} ms.` : `That failed: ${error.code}`;
 *   }
 * }
 * ```
 */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  /** What went wrong, as a literal; `docs/reference/errors.md` says what to do about each. */
  readonly code: AgentErrorCode;
  // `declare`, because a field that is not known is not there: a logger would print it as undefined.
  /** How long the service asks to wait before another try, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** HTTP status of the service's answer. */
  declare readonly status?: number;
  /** The service's own error code, such as `context_length_exceeded`. */
  declare readonly serviceCode?: string;
  /** The service's id of the HTTP request, to quote to its support. */
  declare readonly requestId?: string;
  /** What was left of the service's rate limits, keyed by what each limit counts. */
  declare readonly rateLimits?: Readonly<Record<string, RateLimit>>;
  readonly #retryable: boolean;

  constructor(code: AgentErrorCode, message: string, options: AgentErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.status !== undefined) this.status = options.status;
    if (options.serviceCode !== undefined) this.serviceCode = options.serviceCode;
    nameRequest(this, options);
    this.#retryable = options.retryable ?? CODES[code] !== 'never';
  }

  /** Whether repeating the same call can succeed; wait `retryAfterMs` first, if it is set. */
  get retryable(): boolean {
    return this.#retryable;
  }

  /** What the run had delivered before it failed; undefined if it had delivered nothing. */
  get partial(): AgentResponse | undefined {
    return partials.get(this);
  }
}

/** Gives the error what the run had delivered. The first one counts. */
export function keepPartial(error: AgentError, partial: AgentResponse): void {
  if (!partials.has(error)) partials.set(error, partial);
}

/** Adds the request an error was about, when that was not known at the time it was created. Existing values win. */
export function nameRequest(error: AgentError, request: Pick<AgentErrorOptions, 'requestId' | 'rateLimits'>): void {
  const { requestId, rateLimits } = request;
  if (requestId !== undefined && error.requestId === undefined) Object.assign(error, { requestId });
  if (rateLimits !== undefined && error.rateLimits === undefined) Object.assign(error, { rateLimits });
}

/** A failure to read the state of a run that the next attempt may not meet. Narrower than `retryable`. */
export function isTransient(error: unknown): error is AgentError {
  return error instanceof AgentError && error.retryable && !ENDS_OF_A_RUN.has(error.code);
}
