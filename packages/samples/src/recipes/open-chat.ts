// What every route for a chat does first: it checks the request and opens the user's session.
import type { Agent, AgentSession, SessionStore } from '@turnstream/core';
import { z } from 'zod';

/** The shop's support: an agent, and the store that knows whose session is whose. */
export interface Support {
  readonly agent: Agent;
  readonly sessions: SessionStore;
}

/** The body of a request, as `streamChat` of `@turnstream/server/client` sends it. */
const chatRequest = z.object({ message: z.string().trim().min(1).max(8_000), sessionId: z.string().optional() });

/** The question and its session, a new one without an id. Null for an invalid body or a session of somebody else. */
export async function openChat(
  { agent, sessions }: Support,
  owner: string,
  body: unknown,
): Promise<{ readonly message: string; readonly session: AgentSession } | null> {
  const { data } = chatRequest.safeParse(body);
  if (data === undefined) return null;
  const session = data.sessionId === undefined ? agent.createSession() : await sessions.open(data.sessionId, { owner });
  if (session === null) return null;
  if (data.sessionId === undefined) await sessions.save(session, { owner });
  return { message: data.message, session };
}

export const REFUSAL = {
  error: { code: 'input_invalid', message: 'Send a message, and a sessionId of yours or none.' },
};
