// One turn at a time on a session, in this process. Across processes the version of its history decides.
import { AgentError } from '@turnstream/core';

export class SessionsInUse {
  readonly #ids = new Set<string>();

  has(sessionId: string): boolean {
    return this.#ids.has(sessionId);
  }

  /** Takes the session and returns what gives it back. Throws `session_busy` when a turn has it. */
  take(sessionId: string): () => void {
    if (this.#ids.has(sessionId)) throw sessionBusy();
    this.#ids.add(sessionId);
    return () => this.#ids.delete(sessionId);
  }
}

export function sessionBusy(): AgentError {
  const message = 'Another turn of this session is in progress. Wait for it, or stop it.';
  return new AgentError('session_busy', message, { retryAfterMs: 2_000 });
}
