// Where the context of a run goes among its messages.
import { type FunctionCallContent, type Message, resultsOf } from '../message/message.ts';
import type { RunCall } from '../middleware/middleware.ts';
import { pendingCalls } from '../tools/approval.ts';

/**
 * The history, the context, then the rest: the question and what the run has added. Nothing may come between calls and
 * their results, so when a run answers calls, its context goes before the question that led to them. A service that keeps
 * the conversation already has it there. `atService` are the calls open at the service; null if the history is on our side.
 */
export function withContext(
  { history, context }: RunCall,
  rest: readonly Message[],
  atService: readonly FunctionCallContent[] | null,
): readonly Message[] {
  const [next] = rest;
  const isAnswer = next === undefined || resultsOf(next).length > 0;
  const open = atService ?? pendingCalls(history);
  if (!isAnswer || open.length === 0) return [...history, ...context, ...rest];
  if (atService !== null) return [...history, ...rest];
  const place = Math.max(0, history.findLastIndex(isQuestion));
  return [...history.slice(0, place), ...context, ...history.slice(place), ...rest];
}

function isQuestion({ role }: Message): boolean {
  return role === 'user' || role === 'system';
}
