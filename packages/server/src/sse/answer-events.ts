// One answer as the events sent to its reader.
import type { ResponseStream } from '@turnstream/core';
import { SentEvents } from '../events/sent-events.ts';
import type { ServerEvent } from '../events/wire.ts';

/** The part of a `ResponseStream` used here. */
export type AnswerStream = Pick<ResponseStream<unknown>, 'cancel' | 'finalResponse' | typeof Symbol.asyncIterator>;

/**
 * The events of a stream: `session`, then `update` and `tool` as they come, then `done` once the turn is stored, so a
 * reader that gets `done` can ask the next question. Throws what the stream throws; `errorEvent` turns that into the last
 * event.
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
