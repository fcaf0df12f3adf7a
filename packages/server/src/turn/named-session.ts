// Sessions under names that clients choose for their conversations. A name is scoped to its owner: two owners with the same
// name have two sessions, so a client can neither probe nor take another owner's names.
import { createHash } from 'node:crypto';
import type { ServerContext } from './context.ts';

/** The id of the owner's session with this name, which may not exist yet. The name may also be the id of an existing session. */
export async function sessionIdOf({ store }: ServerContext, owner: string, name: string): Promise<string> {
  if ((await store.sessions.open(name, { owner })) !== null) return name;
  return createHash('sha256')
    .update(JSON.stringify([owner, name]))
    .digest('base64url');
}

/** Creates the session if it does not exist. Rejects with `too_many_sessions`. */
export async function namedSession(served: ServerContext, owner: string, name: string): Promise<string> {
  const sessionId = await sessionIdOf(served, owner, name);
  const { store, ceilings } = served;
  if (sessionId !== name) await store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser, sessionId });
  return sessionId;
}
