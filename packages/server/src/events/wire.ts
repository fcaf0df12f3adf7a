// What travels from the server to its reader: five events, each one JSON payload in one frame. Types only, so that both
// ends share them and a browser loads nothing for it.
import type { AgentErrorCode, FinishReason, Usage } from '@turnstream/core';

/** How a run stands. Open are only the first two. */
export type RunState = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

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

/** The end of an answer, and the only event after which a stream is whole. */
export interface DoneEvent {
  readonly type: 'done';
  readonly status: 'completed' | 'incomplete' | 'cancelled';
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

/** The name of the SSE event is the `type`; the payload is the rest. */
export type ServerEvent = SessionEvent | UpdateEvent | ToolEvent | DoneEvent | ErrorEvent;

export type TerminalEvent = DoneEvent | ErrorEvent;

export function isTerminal(event: ServerEvent): event is TerminalEvent {
  return event.type === 'done' || event.type === 'error';
}
