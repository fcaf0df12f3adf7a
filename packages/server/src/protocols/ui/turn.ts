// Decides what a request of `useChat` adds to its conversation.
import type { ServerContext } from '../../turn/context.ts';
import { namedSession, sessionIdOf } from '../../turn/named-session.ts';
import type { TurnBody } from '../../turn/request.ts';
import { awaitedResults } from '../client-tools.ts';
import { nothingAsked, toAnswers, type UiAsked } from './request.ts';

/** Throws `input_invalid` for a request that asks nothing, and for results of calls that the page does not run. */
export async function uiTurn(served: ServerContext, owner: string, chat: string, asked: UiAsked): Promise<TurnBody> {
  if (asked.kind === 'alone') return { message: asked.message, history: asked.history };
  if (asked.kind === 'in session') {
    return { message: asked.message, sessionId: await namedSession(served, owner, chat) };
  }
  const { history, runs } = served.store;
  const sessionId = await sessionIdOf(served, owner, chat);
  const { messages: stored } = await history.load({ sessionId });
  const results = awaitedResults(asked.results, stored, served);
  if (results.length + asked.approvals.length === 0) throw nothingAsked();
  if (asked.approvals.length === 0) return { message: results, sessionId };
  return {
    message: results,
    approvals: toAnswers(asked.approvals, await runs.approvals(sessionId, { owner })),
    sessionId,
  };
}
