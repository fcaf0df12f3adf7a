// How a stream is served outside this package's own routes.
import type { Limits } from '@turnstream/core';

export interface StreamTimes {
  /** Silence after which a comment keeps the connection alive, in milliseconds: 15,000 when left out. */
  readonly keepAliveMs: number;
  /** How long a reader may take nothing of what was written, in milliseconds: 30,000 when left out. */
  readonly stalledReaderMs: number;
}

export interface StreamOptions extends Partial<StreamTimes> {
  /** Told to the reader in the first event; null when left out. */
  readonly sessionId?: string | null;
  /** Gets why an answer failed, for a log. The reader learns a code and no more. Not called when the reader leaves. */
  readonly onError?: (error: unknown) => void;
}

export const DEFAULT_STREAM: StreamTimes = { keepAliveMs: 15_000, stalledReaderMs: 30_000 };

/** Limits of a run that answers a chat: 5 s to the first update, 30 s of silence, 120 s in all, 1,000,000 bytes. */
export const DEFAULT_GUARDS: Limits = { firstUpdateMs: 5_000, idleMs: 30_000, totalMs: 120_000, maxBytes: 1_000_000 };
