// What travels from the server to its reader: six events, each one JSON payload in one frame. Types only, so that both
// ends share them and a browser loads nothing for it.
import type { AgentErrorCode, FinishReason, Usage } from '@turnstream/core';

/** The state of a run. Only the first three are open. */
export type RunState =
  | 'queued'
  | 'in_progress'
  | 'awaiting_approval'
  | 'completed'
  | 'incomplete'
  | 'failed'
  | 'cancelled';

/** The first event of every stream. */
export interface SessionEvent {
  readonly type: 'session';
  /** Null for a chat without a session. */
  readonly sessionId: string | null;
  /** Null for a chat: only background runs can be resumed. */
  readonly runId: string | null;
  /** Whether the following text is appended to what the reader has, or replaces it. */
  readonly mode: 'append' | 'replace';
}

/** The next part of the answer; never ''. */
export interface UpdateEvent {
  readonly type: 'update';
  readonly text: string;
}

/** A tool was called, or has finished. Arguments and results stay with the server. */
export interface ToolEvent {
  readonly type: 'tool';
  readonly callId: string;
  readonly name: string;
  readonly status: 'called' | 'done' | 'failed';
}

/** A call that runs only if the reader approves it. Every call of a batch is answered in one request. */
export interface ApprovalEvent {
  readonly type: 'approval';
  readonly callId: string;
  readonly name: string;
  /** The JSON text the model wrote. Never markup: show it as text. */
  readonly arguments: string;
  /** When the request expires, in milliseconds since 1970; null if it does not. */
  readonly expiresAtMs: number | null;
}

/** The end of an answer. Without it, or an `error` event, a stream was cut off. */
export interface DoneEvent {
  readonly type: 'done';
  /** `awaiting_approval`: only in a chat, whose next request answers the `approval` events. */
  readonly status: 'completed' | 'incomplete' | 'cancelled' | 'awaiting_approval';
  readonly finishReason: FinishReason | null;
  /** Tokens; null if the service did not report them. */
  readonly usage: Usage | null;
}

/** The end of a stream whose answer failed. */
export interface ErrorEvent {
  readonly type: 'error';
  readonly code: AgentErrorCode;
  /** A message for a person; without keys, prompts or model text. */
  readonly message: string;
  /** Whether repeating the same request can succeed. */
  readonly retryable: boolean;
  /** How long to wait before repeating it, in milliseconds; null if unknown. */
  readonly retryAfterMs: number | null;
}

/** With `inspect`: the request of one model call. */
export interface RequestEvent {
  readonly type: 'request';
  /** The server's clock, in milliseconds since 1970; the same in the other two events. */
  readonly atMs: number;
  /** Whether the model was asked for a stream. */
  readonly stream: boolean;
  /** The agent's instructions, which belong to no session. Null if there are none. */
  readonly instructions: string | null;
  readonly messages: readonly InspectedContent[];
}

/** One content of a message, oldest first. A message with two calls has two. */
export interface InspectedContent {
  readonly role: string;
  /** Such as `text`, `function_call` or `function_result`. */
  readonly kind: string;
  /** UTF-16 code units of its text. */
  readonly chars: number;
  /** The beginning of its text. */
  readonly preview: string;
  /** Of a call or its result: which call. */
  readonly callId?: string;
  /** Of a result: the tool failed, or the call was rejected. */
  readonly failed?: true;
}

/** With `inspect`: some more of the arguments of a tool call, as the model writes them. */
export interface ArgumentsEvent {
  readonly type: 'arguments';
  readonly atMs: number;
  readonly callId: string;
  /** '' until the model has said it. */
  readonly name: string;
  readonly text: string;
}

/** With `inspect`: what ended a model call early. */
export interface GuardEvent {
  readonly type: 'guard';
  readonly atMs: number;
  /** A limit's error code, `server_stopping`, or `disconnect` when the reader left. */
  readonly name: string;
  /** Milliseconds since the beginning of the model call. */
  readonly afterMs: number;
}

/** With `inspect`: what the turn added to its session. Without this event, nothing was stored. */
export interface StoredInSessionEvent {
  readonly type: 'stored';
  readonly atMs: number;
  readonly messages: number;
}

/** With `inspect`: a worker took the background run. */
export interface ClaimEvent {
  readonly type: 'claim';
  readonly atMs: number;
  /** From 1 on. */
  readonly number: number;
}

/** What an inspector of the server gets to see. */
export type InspectionEvent = RequestEvent | ArgumentsEvent | GuardEvent | StoredInSessionEvent | ClaimEvent;

/** The name of the SSE event is the `type`; the payload is the rest. */
export type ServerEvent = SessionEvent | UpdateEvent | ToolEvent | ApprovalEvent | DoneEvent | ErrorEvent;

/** The last event of a stream: exactly one of these ends it. */
export type TerminalEvent = DoneEvent | ErrorEvent;

export function isTerminal(event: ServerEvent): event is TerminalEvent {
  return event.type === 'done' || event.type === 'error';
}
