// What travels from the server to its reader: six events, each one JSON payload in one frame. Types only, so that both
// ends share them and a browser loads nothing for it.
import type { AgentErrorCode, FinishReason, Usage } from '@turnstream/core';

/** How a run stands. Only the first three are open. */
export type RunState =
  | 'queued'
  | 'in_progress'
  | 'awaiting_approval'
  | 'completed'
  | 'incomplete'
  | 'failed'
  | 'cancelled';

/** First of every stream. */
export interface SessionEvent {
  readonly type: 'session';
  /** Null for a chat that stands alone. */
  readonly sessionId: string | null;
  /** Null for a chat: only background runs can be resumed. */
  readonly runId: string | null;
  /** Whether the text that follows is added to what the reader has, or takes its place. */
  readonly mode: 'append' | 'replace';
}

/** Some more of the answer; never ''. */
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
  /** When the request expires, in milliseconds since 1970; null when nobody says. */
  readonly expiresAtMs: number | null;
}

/** The end of an answer, and the only event after which a stream is whole. */
export interface DoneEvent {
  readonly type: 'done';
  /** `awaiting_approval`: only in a chat, whose next request answers the `approval` events. */
  readonly status: 'completed' | 'incomplete' | 'cancelled' | 'awaiting_approval';
  readonly finishReason: FinishReason | null;
  /** Tokens; null when the service did not say. */
  readonly usage: Usage | null;
}

/** The other end. */
export interface ErrorEvent {
  readonly type: 'error';
  readonly code: AgentErrorCode;
  /** In words for a person; no key, prompt or model text. */
  readonly message: string;
  /** Whether the same request can succeed when it is made once more. */
  readonly retryable: boolean;
  /** How long to wait before that, in milliseconds; null when nobody said. */
  readonly retryAfterMs: number | null;
}

/** With `inspect`: what one model call was sent. */
export interface RequestEvent {
  readonly type: 'request';
  /** Milliseconds since 1970, by the server's clock; so in the other two. */
  readonly atMs: number;
  /** Whether the model was asked for a stream. */
  readonly stream: boolean;
  /** Of the agent: they belong to no session. Null when there are none. */
  readonly instructions: string | null;
  readonly messages: readonly InspectedContent[];
}

/** One content of a message, oldest first: a message with two calls is two of them. */
export interface InspectedContent {
  readonly role: string;
  /** Such as `text`, `function_call` or `function_result`. */
  readonly kind: string;
  /** UTF-16 code units of its text. */
  readonly chars: number;
  /** Begin of its text. */
  readonly preview: string;
}

/** With `inspect`: what ended a model call before its end. */
export interface GuardEvent {
  readonly type: 'guard';
  readonly atMs: number;
  /** A limit's error code, `server_stopping`, or `disconnect` when the reader left. */
  readonly name: string;
  /** From the begin of the model call. */
  readonly afterMs: number;
}

/** With `inspect`: what the turn added to its session. Without this event it added nothing. */
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

export type InspectionEvent = RequestEvent | GuardEvent | StoredInSessionEvent | ClaimEvent;

/** The name of the SSE event is the `type`; the payload is the rest. */
export type ServerEvent = SessionEvent | UpdateEvent | ToolEvent | ApprovalEvent | DoneEvent | ErrorEvent;

export type TerminalEvent = DoneEvent | ErrorEvent;

export function isTerminal(event: ServerEvent): event is TerminalEvent {
  return event.type === 'done' || event.type === 'error';
}
