// Options and defaults for streams served from a route of your own.
import type { Limits } from '@turnstream/core';

export interface StreamTimes {
  /** Silence after which a comment keeps the connection alive, in milliseconds: 15,000 by default. */
  readonly keepAliveMs: number;
  /** How long a reader may leave written data unread, in milliseconds: 30,000 by default. */
  readonly stalledReaderMs: number;
}

/** Options of `answerEvents`, `answerResponse` and `sendAnswer`. */
export interface StreamOptions extends Partial<StreamTimes> {
  /** Sent to the reader in the first event; null by default. */
  readonly sessionId?: string | null | undefined;
  /** Receives the error of a failed answer, for the log; the reader gets no details. Not called when the reader leaves. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export const DEFAULT_STREAM: StreamTimes = { keepAliveMs: 15_000, stalledReaderMs: 30_000 };

/** Limits for a run that answers a chat: 5 s to the first update, 30 s of silence, 120 s in total, 1,000,000 bytes. */
export const DEFAULT_GUARDS: Limits = { firstUpdateMs: 5_000, idleMs: 30_000, totalMs: 120_000, maxBytes: 1_000_000 };
