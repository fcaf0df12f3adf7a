// Sessions by the names that clients give their conversations. A name means something only together with its owner: the
// same one of two owners is two sessions, so nobody can find out, or take, what somebody else uses.
import { createHash } from 'node:crypto';
import type { ServerContext } from './context.ts';

/**
 * The id of the owner's session of this name, which begins now if there is none. The name may also be the id of a session
 * that is there. Rejects with `too_many_sessions`.
 */
export async function namedSession({ store, ceilings }: ServerContext, owner: string, name: string): Promise<string> {
  if ((await store.sessions.open(name, { owner })) !== null) return name;
  const sessionId = createHash('sha256')
    .update(JSON.stringify([owner, name]))
    .digest('base64url');
  await store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser, sessionId });
  return sessionId;
}
