// When a session expires: some time after its last turn, and never while one of its runs is open.
import { AgentError } from '@turnstream/core';
import type { Transaction } from './database.ts';
import { keyOf } from './run-row.ts';
import { changeState, type StateChange } from './state-changes.ts';

const YEAR_MS = 365 * 86_400_000;

/** How long sessions are kept, in milliseconds; null for without end. Throws `config_invalid`. */
export function checkedKeep(keepSessionsMs: number | null = YEAR_MS): number | null {
  if (keepSessionsMs === null || (Number.isSafeInteger(keepSessionsMs) && keepSessionsMs > 0)) return keepSessionsMs;
  throw new AgentError(
    'config_invalid',
    `keepSessionsMs is ${keepSessionsMs}; it must be a whole number of milliseconds, at least 1, or null.`,
  );
}

export class SessionExpiry {
  readonly #runs: string;
  readonly #keepMs: number | null;

  /** `runs` is the name of the table. Null keeps sessions without end. */
  constructor(runs: string, keepMs: number | null) {
    this.#runs = runs;
    this.#keepMs = keepMs;
  }

  /** For `save`, of a session without an open run. */
  get ofIdle(): { readonly ttlMs?: number } {
    return this.#keepMs === null ? {} : { ttlMs: this.#keepMs };
  }

  /**
   * Resets the session's expiry, or suspends it while a run is open, and applies the change to its state. The caller has
   * the lock of the session.
   */
  async renew(
    { run, sessions }: Transaction,
    { sessionId, owner }: { readonly sessionId: string; readonly owner: string },
    change: StateChange = {},
  ): Promise<void> {
    const session = await sessions.open(sessionId, { owner });
    if (session === null) return;
    changeState(session, change);
    const open = await run(`SELECT 1 FROM ${this.#runs} WHERE session_key = $1 AND end_event IS NULL LIMIT 1`, [
      keyOf(sessionId),
    ]);
    await sessions.save(session, { owner, ...(open.length > 0 ? {} : this.ofIdle) });
  }
}
