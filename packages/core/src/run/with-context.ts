// Where the context of a run goes among its messages.
import type { FunctionCallContent, Message } from '../message/message.ts';
import type { RunCall } from '../middleware/middleware.ts';
import { pendingCalls } from '../tools/approval.ts';

/**
 * The history, the rest (the question and what the run has added), and the context before the first message that asks.
 * Nothing may come between calls and their results, so when a run only answers calls, its context goes before the question
 * that led to them. A service that keeps the conversation already has it there. `atService` are the calls open at the
 * service; null if the history is on our side.
 */
export function withContext(
  { history, context }: RunCall,
  rest: readonly Message[],
  atService: readonly FunctionCallContent[] | null,
): readonly Message[] {
  const open = atService ?? pendingCalls(history);
  const asked = open.length === 0 ? 0 : rest.findIndex(isQuestion);
  if (asked !== -1) return [...history, ...rest.slice(0, asked), ...context, ...rest.slice(asked)];
  if (atService !== null) return [...history, ...rest];
  const place = Math.max(0, history.findLastIndex(isQuestion));
  return [...history.slice(0, place), ...context, ...history.slice(place), ...rest];
}

function isQuestion({ role }: Message): boolean {
  return role === 'user' || role === 'system';
}
