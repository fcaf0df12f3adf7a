// Decides what a request adds to its conversation: a new question, results of the client's tools, decisions about calls, or the
// last question once more.
import { AgentError, type Message } from '@turnstream/core';
import { callsOf, resultsOf } from '@turnstream/core/seams';
import type { AguiOptions } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { namedSession, sessionIdOf } from '../../turn/named-session.ts';
import type { TurnBody } from '../../turn/request.ts';
import { awaitedResults, refuseOrphans } from '../client-tools.ts';
import type { AguiAsked, AguiBody } from './request.ts';
import { isApproved, toAnswers } from './resume.ts';

export interface AguiTurn {
  readonly body: TurnBody;
  /** The question that is answered again: the turn that began with it is replaced, and what came after it. */
  readonly replaces: string | null;
}

/** Throws `input_invalid` for a request that asks nothing, before a session is created for it. */
export async function aguiTurn(
  served: ServerContext,
  owner: string,
  { threadId, resume }: AguiBody,
  asked: AguiAsked,
  { history }: AguiOptions,
): Promise<AguiTurn> {
  if (history === 'client') return { body: alone(asked, resume), replaces: null };
  const sessionId = await sessionIdOf(served, owner, threadId);
  const { messages: stored } = await served.store.history.load({ sessionId });
  const question = newMessages(asked.fresh, stored, served);
  const isAsking = question.some(({ role }) => role === 'user');
  if (isAsking && resume.map(isApproved).includes(true)) {
    throw new AgentError('input_invalid', 'Resume the interrupted run first, then ask the next question.');
  }
  // A new question gives up the calls that wait, which is what the other answers ask for.
  if (resume.length > 0 && !isAsking) {
    const approvals = toAnswers(resume, await served.store.runs.approvals(sessionId, { owner }));
    return { body: { message: question, approvals, sessionId }, replaces: null };
  }
  const [again] = question.length > 0 ? [] : asked.fresh.slice(-1);
  if (question.length === 0 && again?.role !== 'user') throw nothingAsked();
  await namedSession(served, owner, threadId);
  return { body: { message: again ?? question, sessionId }, replaces: again?.messageId ?? null };
}

function alone({ history, fresh }: AguiAsked, resume: AguiBody['resume']): TurnBody {
  if (resume.length > 0) {
    throw new AgentError('input_invalid', 'This server keeps no conversations, so no run of it waits to be resumed.');
  }
  if (fresh.length === 0) throw nothingAsked();
  refuseOrphans([...history, ...fresh]);
  return { history, message: fresh, refusesApprovals: true };
}

/** What the session does not have yet: clients send every message each time. */
function newMessages(fresh: readonly Message[], stored: readonly Message[], served: ServerContext): readonly Message[] {
  const known = new Set(stored.map(({ messageId }) => messageId));
  const calls = new Set(stored.flatMap(callsOf).map(({ callId }) => callId));
  const question = fresh.findLastIndex(({ role, messageId }) => role === 'user' && !known.has(messageId));
  // A session that was rewound or deleted lost calls whose results the client repeats with each question.
  const isLost = (each: Message, index: number): boolean =>
    index < question && resultsOf(each).some(({ callId }) => !calls.has(callId));
  const results = awaitedResults(
    fresh.filter((each, index) => !isLost(each, index)),
    stored,
    served,
  );
  return fresh.filter((each) => (each.role === 'tool' ? results.includes(each) : !known.has(each.messageId)));
}

function nothingAsked(): AgentError {
  return new AgentError('input_invalid', 'The last message must be from the user, or the result of a tool.');
}
