// Deletes one response: its turn, its run, and its session when nothing else is in it.
import type { AgentSession } from '@turnstream/core';
import type { ServerContext } from '../../../turn/context.ts';
import { OpenAIRefusal } from '../refusal.ts';
import { isConversationId } from './ids.ts';
import type { FoundResponse, StoredResponse } from './stored.ts';

export async function deleteResponse(
  served: ServerContext,
  owner: string,
  { run, stored }: FoundResponse,
): Promise<void> {
  if (run?.end === null)
    throw new OpenAIRefusal('invalid_value', 'id', 'This response has not ended. Cancel it first.');
  if (stored !== null) await removeTurn(served, owner, stored);
  if (run !== null) await served.store.runs.forgetRun(run.runId, { owner });
  const sessionId = stored?.session.sessionId ?? run?.sessionId;
  if (sessionId !== undefined) await forgetEmpty(served, owner, sessionId);
}

async function removeTurn(
  { chats, sessionsInUse }: ServerContext,
  owner: string,
  { session, turns, isLast, version }: StoredResponse,
): Promise<void> {
  if (!isLast) {
    const message = 'A later response builds on this one. Delete that first, or the conversation.';
    throw new OpenAIRefusal('invalid_value', 'id', message);
  }
  using held = new DisposableStack();
  held.defer(sessionsInUse.take(session.sessionId));
  chats.ownedBy(session, owner);
  await chats.truncate(session, turns.length - 1, version);
}

/** A session that began with a response goes with its last one. */
async function forgetEmpty({ store }: ServerContext, owner: string, sessionId: string): Promise<void> {
  const session = isConversationId(sessionId) ? null : await store.sessions.open(sessionId, { owner });
  if (session === null || !(await isEmpty(store, session))) return;
  const [run] = await store.runs.list(owner, { limit: 1, sessionId });
  if (run === undefined) await store.runs.forgetSession(sessionId, { owner });
}

async function isEmpty({ history }: ServerContext['store'], session: AgentSession): Promise<boolean> {
  return (await history.load(session, { lastTurns: 1 })).turns.length === 0;
}
