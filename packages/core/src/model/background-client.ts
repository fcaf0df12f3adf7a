// The seam to a service that answers without a connection: start, look, stream, cancel.

import type { AgentError } from '../errors.ts';
import type { ChatRequest } from './request.ts';
import type { ChatUpdate } from './update.ts';

/** How far a background response got. `queued` and `in_progress` are still open; the others are final. */
export type BackgroundStatus =
  | 'queued'
  | 'in_progress'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'incomplete'
  /** The service keeps it no longer. */
  | 'expired';

/** A background response at one moment. */
export interface BackgroundSnapshot {
  readonly id: string;
  readonly status: BackgroundStatus;
  /** The answer as updates: whole once `completed` or `incomplete`, what there is of it otherwise. */
  readonly updates: readonly ChatUpdate[];
  /** Why it `failed`. */
  readonly error: AgentError | null;
  /** How long the service asked to wait before the next look, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/** One event of a background response; numbers rise without gaps within one response. */
export interface BackgroundEvent {
  readonly sequenceNumber: number;
  readonly update: ChatUpdate;
}

/** The part of a `ChatClient` whose service can work without a connection. */
export interface BackgroundClient {
  /** Starts a response. The service stores it whatever the request says of history: there is no other way to fetch it. */
  start(request: ChatRequest): Promise<BackgroundSnapshot>;
  /** Looks at it. An id the service does not know (any more) is a snapshot with status `expired`, not an error. */
  get(id: string, options: { readonly signal: AbortSignal }): Promise<BackgroundSnapshot>;
  /**
   * The events after a sequence number, all of them for null, while they come. Ends normally only when the response has
   * ended, however it ended; a cut is `stream_truncated`. Repeats are dropped.
   */
  stream(
    id: string,
    options: { readonly after: number | null; readonly signal: AbortSignal },
  ): AsyncIterable<BackgroundEvent>;
  /** Asks the service to stop; the snapshot says whether it was in time. */
  cancel(id: string, options: { readonly signal: AbortSignal }): Promise<BackgroundSnapshot>;
}

/** True while the service is still working on it. */
export function isOpen(status: BackgroundStatus): boolean {
  return status === 'queued' || status === 'in_progress';
}
