// Checks the session a caller passes. Callers without types get a clear error, not a TypeError about a missing member.
import { AgentError } from '../errors.ts';
import { AgentSession } from './session.ts';

const REMEDY = 'Pass agent.createSession({ sessionId }), or AgentSession.fromJSON() with a stored session.';

/** The session, or null when none was given. Throws `input_invalid` for anything else. */
export function optionalSession(session: AgentSession | null | undefined): AgentSession | null {
  if (session == null) return null;
  if (session instanceof AgentSession) return session;
  const given = typeof session === 'object' ? 'an object that is not a session' : `a ${typeof session}`;
  throw new AgentError('input_invalid', `session is ${given}. ${REMEDY}`);
}

/** The session. Throws `input_invalid` when it is missing or not a session. */
export function requiredSession(session: AgentSession | null | undefined): AgentSession {
  const given = optionalSession(session);
  if (given !== null) return given;
  throw new AgentError('input_invalid', `session is missing. ${REMEDY}`);
}
