// One answer as the events sent to its reader.
import type { AgentResponse, ResponseStream } from '@turnstream/core';
import { SentEvents } from '../events/sent-events.ts';
import type { ServerEvent } from '../events/wire.ts';
import { eachUpdate, type Room } from './each-update.ts';

/** The part of a `ResponseStream` used here. */
export type AnswerStream = Pick<ResponseStream<unknown>, 'cancel' | 'finalResponse' | typeof Symbol.asyncIterator>;

/**
 * The events of a stream: `session`, then `update` and `tool` as they come, then `done` once the turn is stored, so a
 * reader that gets `done` can ask the next question. Calls that wait for approval are sent before it, and the status of
 * `done` is then `awaiting_approval`: the next run on the session takes `approve()` or `reject()` of each. Throws what
 * the stream throws; `errorEvent` turns that into the last event.
 */
export async function* answerEvents(
  stream: AnswerStream,
  sessionId: string | null,
): AsyncGenerator<ServerEvent, undefined> {
  const sent = new SentEvents();
  yield sessionEvent(sessionId);
  for await (const { text, contents } of stream) {
    if (text !== '') yield { type: 'update', text };
    // Not `yield*`, which waits for each item once more.
    for (const event of sent.tools(contents)) yield event;
  }
  yield* await lastEvents(stream, sent, () => null);
}

/** What a reader already has, and what its approvals expire at. */
export interface Sending {
  readonly sessionId: string | null;
  readonly sent: SentEvents;
  /** Called when there are calls to approve. */
  readonly expiresAtMs: (response: Pick<AgentResponse, 'approvals'>) => number | null;
  readonly send: (event: ServerEvent) => Room;
}

/** The same events, sent as soon as they are here. Rejects with what the stream or `send` throws. */
export async function sendEvents(stream: AnswerStream, { sessionId, sent, expiresAtMs, send }: Sending): Promise<void> {
  await send(sessionEvent(sessionId));
  await eachUpdate(stream, ({ text, contents }) => {
    const room = text === '' ? undefined : send({ type: 'update', text });
    const tools = sent.tools(contents);
    return tools.length === 0 ? room : sendAll(tools, send, room);
  });
  await sendAll(await lastEvents(stream, sent, expiresAtMs), send);
}

async function sendAll(events: readonly ServerEvent[], send: Sending['send'], room?: Room): Promise<void> {
  await room;
  for (const event of events) await send(event);
}

function sessionEvent(sessionId: string | null): ServerEvent {
  return { type: 'session', sessionId, runId: null, mode: 'replace' };
}

async function lastEvents(
  stream: AnswerStream,
  sent: SentEvents,
  expiresAtMs: Sending['expiresAtMs'],
): Promise<readonly ServerEvent[]> {
  const response = await stream.finalResponse();
  const { status, finishReason, usage, approvals } = response;
  const answered = status === 'incomplete' ? status : 'completed';
  if (approvals.length === 0) return [{ type: 'done', status: answered, finishReason, usage }];
  const asked = sent.approvals(approvals, expiresAtMs(response));
  return [...asked, { type: 'done', status: 'awaiting_approval', finishReason, usage }];
}
