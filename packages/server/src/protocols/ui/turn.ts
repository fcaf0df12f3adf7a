// Decides what a request of `useChat` adds to its conversation.
import type { Message } from '@turnstream/core';
import type { ServerContext } from '../../turn/context.ts';
import { namedSession, sessionIdOf } from '../../turn/named-session.ts';
import type { TurnBody } from '../../turn/request.ts';
import { awaitedResults } from '../client-tools.ts';
import { nothingAsked, toAnswers, type UiAsked } from './request.ts';

export interface UiTurn {
  readonly turnBody: TurnBody;
  /** What the message shows that the answer continues; empty when the answer begins a message. */
  readonly continues: readonly Message[];
}

/** Throws `input_invalid` for a request that asks nothing, and for results of calls that the page does not run. */
export async function uiTurn(served: ServerContext, owner: string, chat: string, asked: UiAsked): Promise<UiTurn> {
  if (asked.kind === 'alone') {
    const { message, history, continued } = asked;
    const continues = continued === null ? [] : [...sinceQuestion(history), ...message];
    return { turnBody: { message, history, refusesApprovals: true }, continues };
  }
  if (asked.kind === 'in session') {
    return { turnBody: { message: asked.message, sessionId: await namedSession(served, owner, chat) }, continues: [] };
  }
  const { history, runs } = served.store;
  const sessionId = await sessionIdOf(served, owner, chat);
  const { messages: stored } = await history.load({ sessionId });
  const results = awaitedResults(asked.results, stored, served);
  if (results.length + asked.approvals.length === 0) throw nothingAsked();
  const continues = [...sinceQuestion(stored), ...results];
  if (asked.approvals.length === 0) return { turnBody: { message: results, sessionId }, continues };
  const approvals = toAnswers(asked.approvals, await runs.approvals(sessionId, { owner }));
  return { turnBody: { message: results, approvals, sessionId }, continues };
}

function sinceQuestion(messages: readonly Message[]): readonly Message[] {
  return messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
}
