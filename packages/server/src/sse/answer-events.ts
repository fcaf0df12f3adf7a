// One answer as the events sent to its reader.
import type { AgentResponse, ResponseStream } from '@turnstream/core';
import { SentEvents } from '../events/sent-events.ts';
import type { ServerEvent } from '../events/wire.ts';

/** The part of a `ResponseStream` used here. */
export type AnswerStream = Pick<ResponseStream<unknown>, 'cancel' | 'finalResponse' | typeof Symbol.asyncIterator>;

/**
 * The events of a stream: `session`, then `update` and `tool` as they come, then `done` once the turn is stored, so a
 * reader that gets `done` can ask the next question. Calls that wait for approval are sent before it, and the status of
 * `done` is then `awaiting_approval`: the next run on the session takes `approve()` or `reject()` of each. Throws what
 * the stream throws; `errorEvent` turns that into the last event.
 */
export function answerEvents(stream: AnswerStream, sessionId: string | null): AsyncGenerator<ServerEvent, undefined> {
  return eventsOf(stream, sessionId, new SentEvents(), () => null);
}

/** The same for a reader that already has earlier events. Calls `expiresAtMs` when there are calls to approve. */
export async function* eventsOf(
  stream: AnswerStream,
  sessionId: string | null,
  sent: SentEvents,
  expiresAtMs: (response: Pick<AgentResponse, 'approvals'>) => number | null,
): AsyncGenerator<ServerEvent, undefined> {
  yield { type: 'session', sessionId, runId: null, mode: 'replace' };
  for await (const { text, contents } of stream) {
    if (text !== '') yield { type: 'update', text };
    // Not `yield*`, which waits for each item once more.
    for (const event of sent.tools(contents)) yield event;
  }
  const response = await stream.finalResponse();
  const { status, finishReason, usage, approvals } = response;
  if (approvals.length > 0) yield* sent.approvals(approvals, expiresAtMs(response));
  const answered = status === 'incomplete' ? status : 'completed';
  yield { type: 'done', status: approvals.length > 0 ? 'awaiting_approval' : answered, finishReason, usage };
}
