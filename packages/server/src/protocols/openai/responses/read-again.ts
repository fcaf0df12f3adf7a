// The response object of a stored turn, without its token usage.
import type { Message } from '@turnstream/core';
import { callsOf, resultsOf } from '@turnstream/core/seams';
import { ResponseEvents, type ResponseHead } from './events.ts';
import { ownConversationOf } from './ids.ts';
import type { StoredResponse } from './stored.ts';

type Head = Pick<ResponseHead, 'id' | 'model' | 'previousId' | 'showsOwnCalls'>;

export function turnResponse(
  { session: { sessionId }, answer }: Pick<StoredResponse, 'answer' | 'session'>,
  head: Head,
): object {
  const conversationId = ownConversationOf(sessionId);
  const callerTools = new Set(openCalls(answer));
  const status = answer.at(-1)?.status === undefined ? 'completed' : 'incomplete';
  const events = new ResponseEvents({ ...head, conversationId, isStored: true, callerTools });
  return events.whole(answer, { status, finishReason: null, usage: null });
}

/** Names of calls without a result: those that the caller runs. */
function openCalls(answer: readonly Message[]): readonly string[] {
  const done = new Set(answer.flatMap(resultsOf).map(({ callId }) => callId));
  return answer
    .flatMap(callsOf)
    .filter(({ callId }) => !done.has(callId))
    .map(({ name }) => name);
}
