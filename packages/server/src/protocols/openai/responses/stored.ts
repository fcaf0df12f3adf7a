// Stored responses. Each is a turn of a session, found by the id in its question. Continuing from an earlier response starts
// a new session with a copy of the turns up to it.
import type { AgentSession, Message } from '@turnstream/core';
import type { RunRecord } from '../../../store/run-record.ts';
import type { ServerStore } from '../../../store/run-store.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { OpenAIRefusal } from '../refusal.ts';
import { parseResponseId, sessionIdsOf } from './ids.ts';

export interface StoredResponse {
  readonly session: AgentSession;
  /** What was asked, and the answer to it. */
  readonly input: readonly Message[];
  readonly answer: readonly Message[];
  /** The turns of the session up to this response. */
  readonly turns: readonly (readonly Message[])[];
  /** Whether this is the last turn of the session. */
  readonly isLast: boolean;
  /** Of the session's history. */
  readonly version: number;
}

/** A response as a run, as a turn of the history, or as both. */
export type FoundResponse =
  | { readonly run: RunRecord; readonly stored: StoredResponse | null }
  | { readonly run: null; readonly stored: StoredResponse };

/** The turn of a response; null if there is none, or it belongs to another owner. */
export async function findStored({ store }: ServerContext, owner: string, id: string): Promise<StoredResponse | null> {
  const parsed = parseResponseId(id);
  const session = parsed === null ? null : await firstSession(store, owner, parsed.sessionIds);
  if (parsed === null || session === null) return null;
  const { turns: all, version } = await store.history.load(session);
  const isQuestion = ({ messageId }: Message): boolean => messageId === id || messageId === parsed.runId;
  const index = all.findIndex((turn) => turn.some(isQuestion));
  const turn = all[index];
  if (turn === undefined) return null;
  const end = turn.findIndex(isQuestion) + 1;
  const [input, answer] = [turn.slice(0, end), turn.slice(end)];
  return { session, input, answer, turns: all.slice(0, index + 1), isLast: index === all.length - 1, version };
}

/** Null if the response does not exist or belongs to another owner. */
export async function findResponse(served: ServerContext, owner: string, id: string): Promise<FoundResponse | null> {
  const parsed = parseResponseId(id);
  const run = parsed === null ? null : await served.store.runs.get(parsed.runId, { owner });
  const stored = await findStored(served, owner, id);
  if (run !== null && parsed?.sessionIds.includes(run.sessionId)) return { run, stored };
  return stored === null ? null : { run: null, stored };
}

/** The response that a request continues after. */
export async function previousResponse(served: ServerContext, owner: string, id: string): Promise<StoredResponse> {
  const stored = await findStored(served, owner, id);
  if (stored !== null) return stored;
  throw new OpenAIRefusal(
    'previous_response_not_found',
    'previous_response_id',
    'There is no such response, or it has not ended yet.',
  );
}

/** The owner's session that is the conversation. */
export async function openConversation(
  { store }: ServerContext,
  owner: string,
  id: string,
  param: string,
): Promise<AgentSession> {
  const session = await firstSession(store, owner, sessionIdsOf(id));
  if (session !== null) return session;
  throw new OpenAIRefusal('not_found', param, 'There is no such conversation.');
}

async function firstSession(
  { sessions }: ServerStore,
  owner: string,
  ids: readonly string[],
): Promise<AgentSession | null> {
  for (const id of ids) {
    const session = await sessions.open(id, { owner });
    if (session !== null) return session;
  }
  return null;
}

/** The session that an answer is added to. */
export interface TargetSession {
  readonly sessionId: string;
  /** How many turns it was made with, for this answer; null for one that was there before. */
  readonly copiedTurns: number | null;
}

/** The session that continues after the response: its own, or a new one with a copy of the turns. */
export async function sessionAfter(
  { store, ceilings, sessionsInUse }: ServerContext,
  owner: string,
  { session, turns, isLast }: StoredResponse,
): Promise<TargetSession> {
  // While another answer to the response is under way, this one goes to a session of its own.
  if (isLast && !sessionsInUse.has(session.sessionId)) return { sessionId: session.sessionId, copiedTurns: null };
  const branch = await store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser });
  for (const [version, turn] of turns.entries()) await store.runs.appendTurn(branch, { owner }, turn, version);
  return { sessionId: branch.sessionId, copiedTurns: turns.length };
}
