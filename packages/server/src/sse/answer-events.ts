// One answer as the events that its reader gets.
import type { ResponseStream } from '@turnstream/core';
import { SentEvents } from '../events/sent-events.ts';
import type { ServerEvent } from '../events/wire.ts';

/** What is used of a `ResponseStream`. */
export type AnswerStream = Pick<ResponseStream<unknown>, 'cancel' | 'finalResponse' | typeof Symbol.asyncIterator>;

/**
 * The events of a stream: `session`, then `update` and `tool` as they come, then `done`, when the turn is in the history:
 * who has read that can ask on. Throws what the stream throws; `errorEvent` makes the last event of that.
 */
export async function* answerEvents(
  stream: AnswerStream,
  sessionId: string | null,
): AsyncGenerator<ServerEvent, undefined> {
  yield { type: 'session', sessionId, runId: null, mode: 'replace' };
  const sent = new SentEvents();
  for await (const { text, contents } of stream) yield* [...sent.text(text), ...sent.tools(contents)];
  const { status, finishReason, usage } = await stream.finalResponse();
  yield { type: 'done', status: status === 'incomplete' ? status : 'completed', finishReason, usage };
}
