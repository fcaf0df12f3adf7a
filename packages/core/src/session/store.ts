// Sessions that outlive the process: saved and opened again by id, each for its owner alone.
import type { AgentSession } from './session.ts';

/** What a listing says of a session. Times are milliseconds since 1970. */
export interface SavedSession {
  readonly sessionId: string;
  readonly savedAtMs: number;
  /** Null when it does not expire. */
  readonly expiresAtMs: number | null;
}

/**
 * Keeps session records: the service's id and the state, in-session history included. A session of someone else is
 * answered like one that does not exist. Turns that a history provider keeps are not in here, and providers know no
 * owners: open the session first, and never run on an id that a caller merely named.
 */
export interface SessionStore {
  /**
   * Writes the session as a new one, or over the version this object was opened or last saved at. Rejects with
   * `session_conflict` when the stored one has moved on or the id is taken. It expires `ttlMs` from now; left out, never.
   */
  save(session: AgentSession, options: { readonly owner: string; readonly ttlMs?: number }): Promise<void>;
  /** The session; null when there is none, it has expired, or it is someone else's. */
  open(sessionId: string, options: { readonly owner: string }): Promise<AgentSession | null>;
  /**
   * The owner's sessions in a fixed order of the store's own, from the one behind `after` on (an id of the page before),
   * at most `limit` of them: 50 when left out, up to 1,000.
   */
  list(owner: string, options?: { readonly limit?: number; readonly after?: string }): Promise<readonly SavedSession[]>;
  /** True when there was one. What a history provider keeps of it stays until its `clear`. */
  delete(sessionId: string, options: { readonly owner: string }): Promise<boolean>;
}
