// Sessions that outlive the process: saved and opened again by id, each for its owner alone.
import type { AgentSession } from './session.ts';

/** A session in a list. Times are milliseconds since 1970. */
export interface SavedSession {
  readonly sessionId: string;
  readonly savedAtMs: number;
  /** Null if it does not expire. */
  readonly expiresAtMs: number | null;
}

/**
 * Stores session records: the service's id and the state, including in-session history. Another owner's session looks
 * like one that does not exist. Turns in a history provider are stored there, and providers do not know owners: open
 * the session first, and never run on an id just because a caller sent it.
 */
export interface SessionStore {
  /**
   * Saves a new session, or replaces the version that this object was opened with or last saved as. Rejects with
   * `session_conflict` if the stored session has changed or the id is taken. It expires after `ttlMs`; by default,
   * never.
   */
  save(session: AgentSession, options: { readonly owner: string; readonly ttlMs?: number | undefined }): Promise<void>;
  /** The session; null if there is none, it has expired, or it belongs to another owner. */
  open(sessionId: string, options: { readonly owner: string }): Promise<AgentSession | null>;
  /**
   * The owner's sessions in the store's own fixed order, starting after the id `after` (the last of the previous page).
   * `limit` is 50 by default and 1,000 at most.
   */
  list(
    owner: string,
    options?: { readonly limit?: number | undefined; readonly after?: string | undefined },
  ): Promise<readonly SavedSession[]>;
  /** True if there was one. Its turns in a history provider stay until `clear`. */
  delete(sessionId: string, options: { readonly owner: string }): Promise<boolean>;
}
