// Stored responses. Each is a turn of a session, found by the id in its question. Continuing from an earlier response starts
// a new session with a copy of the turns up to it.
import type { AgentSession, Message } from '@turnstream/core';
import type { ServerContext } from '../../../turn/context.ts';
import { OpenAIRefusal } from '../refusal.ts';

const ID = /^resp_[0-9a-f]{32}_([A-Za-z0-9_-]{1,128})$/;

/** The id of a new response, stored in a session or not stored. */
export function newResponseId(sessionId: string | null): string {
  const id = `resp_${crypto.randomUUID().replaceAll('-', '')}`;
  return sessionId === null ? id : `${id}_${sessionId}`;
}

export interface StoredResponse {
  readonly session: AgentSession;
  /** The turns of the session up to this response. */
  readonly turns: readonly (readonly Message[])[];
  /** Whether this is the last turn of the session. */
  readonly isLast: boolean;
}

/** Throws if the response does not exist or belongs to another owner. */
export async function storedResponse(
  { store }: ServerContext,
  owner: string,
  id: string,
  [code, param]: readonly [code: string, param: string],
): Promise<StoredResponse> {
  const [, sessionId] = ID.exec(id) ?? [];
  const session = sessionId === undefined ? null : await store.sessions.open(sessionId, { owner });
  const all = session === null ? [] : (await store.history.load(session)).turns;
  const index = all.findIndex((turn) => turn.some(({ messageId }) => messageId === id));
  if (session === null || index === -1) throw new OpenAIRefusal(code, param, 'There is no such response.');
  return { session, turns: all.slice(0, index + 1), isLast: index === all.length - 1 };
}

/** The id of the session that continues after the response: its own, or a new one with a copy of the turns. */
export async function sessionAfter(
  { store, ceilings }: ServerContext,
  owner: string,
  { session, turns, isLast }: StoredResponse,
): Promise<string> {
  if (isLast) return session.sessionId;
  const branch = await store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser });
  for (const [version, turn] of turns.entries()) await store.runs.appendTurn(branch, { owner }, turn, version);
  return branch.sessionId;
}
