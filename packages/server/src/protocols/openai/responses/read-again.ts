// The response object of a stored turn, without its token usage.
import { pendingCalls } from '@turnstream/core/seams';
import type { ServerContext } from '../../../turn/context.ts';
import { ResponseEvents, type ResponseHead } from './events.ts';
import type { StoredResponse } from './stored.ts';

type Head = Pick<ResponseHead, 'id' | 'model' | 'previousId' | 'showsOwnCalls'>;

export function turnResponse(served: ServerContext, { answer }: Pick<StoredResponse, 'answer'>, head: Head): object {
  // A call of the agent's own tools has no result when the answer was cut short.
  const open = pendingCalls(answer).map(({ name }) => name);
  const callerTools = new Set(open.filter((name) => !served.runsTool(name)));
  const status = answer.at(-1)?.status === undefined ? 'completed' : 'incomplete';
  const events = new ResponseEvents({ ...head, isStored: true, callerTools });
  return events.whole(answer, { status, finishReason: null, usage: null });
}
