// What a store is asked to begin: a run, or a session for chats.

export interface NewRun {
  readonly owner: string;
  /** Most sessions this owner may have: `too_many_sessions` for a new one beyond it. */
  readonly maxSessions: number;
  /** Null: a new session, which is made with the run. */
  readonly sessionId: string | null;
  readonly message: string;
  readonly callbackUrl: string | null;
  /** The caller's `Idempotency-Key`; null for none. */
  readonly key: string | null;
  /** Most runs this owner may have open: `overloaded` beyond it. */
  readonly maxOpen: number;
}

export interface NewSession extends Pick<NewRun, 'owner' | 'maxSessions'> {
  /** Left out, the session gets an id of its own. */
  readonly sessionId?: string;
}
