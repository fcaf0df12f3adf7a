// One run at a time on a session, within this process.
import { AgentError } from '../errors.ts';
import type { AgentSession } from './session.ts';

/** Sessions with a run under way, and when each will be free. */
const busy = new WeakMap<AgentSession, Promise<void>>();

/** Takes the session and returns what gives it back. Throws `session_busy` when a run has it. */
export function leaseSession(session: AgentSession): () => void {
  if (busy.has(session)) {
    throw new AgentError(
      'session_busy',
      `A run on session ${session.sessionId} is still in progress. Wait for it, cancel it, or use another session.`,
    );
  }
  const free = Promise.withResolvers<void>();
  busy.set(session, free.promise);
  return () => {
    busy.delete(session);
    free.resolve();
  };
}

/** Takes the session as soon as it is free. */
export async function leaseWhenFree(session: AgentSession): Promise<() => void> {
  for (let free = busy.get(session); free !== undefined; free = busy.get(session)) await free;
  return leaseSession(session);
}
