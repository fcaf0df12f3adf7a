// The answers and failures of a scripted model, as plain data.
import type { Cuts } from './cuts.ts';
import type { ByteFault, Fault, ServiceError } from './faults.ts';

/** One part of an answer; each chunk is one frame of a stream. */
export type ReplyPart = TextPart | CallPart;

/** Text or a refusal; each chunk is one frame of a stream. */
export interface TextPart {
  readonly type: 'text' | 'refusal';
  readonly chunks: readonly string[];
}

/** A tool call; the chunks are the fragments of its arguments. */
export interface CallPart {
  readonly type: 'function_call';
  readonly name: string;
  readonly chunks: readonly string[];
  /** Undefined: the service generates one. Null: it sends none. */
  readonly callId: string | null | undefined;
  /** Undefined: the true index. Null: the service sends none. */
  readonly index: number | null | undefined;
  readonly lateName: boolean;
  readonly argumentsIn: 'deltas' | 'done' | 'item';
}

/** The tokens that the service reports. */
export interface ReplyUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  readonly reasoningTokens?: number;
}

/** How fast an answer comes, in milliseconds. Without a pace it comes at once. */
export interface Pace {
  /** Wait before the first chunk, after the headers and frames without text; before the headers when not streamed. */
  readonly firstChunkDelayMs?: number;
  /** Wait before each further chunk. */
  readonly chunkDelayMs?: number;
}

/** Why the model stopped. */
export type ReplyFinishReason = 'stop' | 'tool_calls' | 'length' | 'content_filter';

/** Options of `reply` and of the other answers. */
export interface ReplyOptions extends Pace {
  /** Id of the response; by default `chatcmpl-3` or `resp_3` for the third call. */
  readonly id?: string;
  /** Tokens the service reports, by default one per word; null when it reports none. */
  readonly usage?: ReplyUsage | null;
  /**
   * Why the model stopped; by default `stop`, or `tool_calls` when the answer has calls. `length` and `content_filter`
   * make a Responses answer `incomplete`.
   */
  readonly finishReason?: ReplyFinishReason;
  /** Where the body is split into network chunks; by default one per frame. */
  readonly cuts?: Cuts;
  readonly fault?: Fault;
}

/** An answer of the model, as `reply()` makes it. */
export interface ReplyStep extends ReplyOptions {
  readonly kind: 'reply';
  readonly parts: readonly ReplyPart[];
  /** Adjacent calls begin together, and their fragments are interleaved. */
  readonly interleave?: boolean;
}

/** An error of the service, as `httpError()` makes it. */
export interface HttpErrorStep {
  readonly kind: 'http_error';
  readonly status: number;
  readonly error: ServiceError;
  readonly headers: Readonly<Record<string, string>>;
  readonly delayMs: number;
}

/** A response of any bytes, as `rawReply()` makes it. */
export interface RawReplyStep extends Pace {
  readonly kind: 'raw_reply';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly (string | Uint8Array)[];
  readonly cuts?: Cuts;
  readonly fault?: ByteFault;
}

/** A connection that breaks before an answer, as `dropConnection()` makes it. */
export interface DropStep {
  readonly kind: 'drop';
  readonly delayMs: number;
}

/** The model answers with this text; a list is sent as one frame per entry. Streamed or not, as the request asks. */
export function reply(text: string | readonly string[], options: ReplyOptions = {}): ReplyStep {
  return { kind: 'reply', parts: [{ type: 'text', chunks: chunksOf(text) }], ...options };
}

/** The model refuses, in the API's own form. */
export function refuse(text: string | readonly string[], options: ReplyOptions = {}): ReplyStep {
  return { kind: 'reply', parts: [{ type: 'refusal', chunks: chunksOf(text) }], ...options };
}

/** The service answers with this status and an error object instead of a model's answer. */
export function httpError(
  status: number,
  options: ServiceError & { readonly headers?: Readonly<Record<string, string>>; readonly delayMs?: number } = {},
): HttpErrorStep {
  const { headers = {}, delayMs = 0, ...error } = options;
  return { kind: 'http_error', status, error, headers, delayMs };
}

/** Sends these bytes for any request; each entry of the body counts as one chunk and as one frame. */
export function rawReply(
  options: Pace & {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array | readonly (string | Uint8Array)[];
    readonly cuts?: Cuts;
    readonly fault?: ByteFault;
  },
): RawReplyStep {
  const { status = 200, headers = {}, body = [], ...rest } = options;
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
  return { kind: 'raw_reply', status, headers, body: pieces, ...rest };
}

/** Closes the connection without an answer. */
export function dropConnection(options: { readonly delayMs?: number } = {}): DropStep {
  return { kind: 'drop', delayMs: options.delayMs ?? 0 };
}

function chunksOf(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}
