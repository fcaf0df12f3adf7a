// Streams one answer in any protocol. An early end closes the model's connection and sends the protocol's error frame; only a
// complete answer ends its stream with the end mark.
import type { RunOptions } from '@turnstream/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isTold } from '../events/error-event.ts';
import type { ErrorEvent } from '../events/wire.ts';
import { AnswerFailed } from '../http/errors.ts';
import { causeOf } from '../http/log.ts';
import type { AnswerStream } from '../sse/answer-events.ts';
import type { Room } from '../sse/each-update.ts';
import { type Headers, ReaderGone, readerGone, SseWriter, writeLast } from '../sse/writer.ts';
import type { ServerContext } from './context.ts';
import type { AskedTurn } from './request.ts';

/** Writes one frame. Returns what resolves when there is room for the next one; undefined when there is. */
export type WriteFrame = (frame: string) => Room;

/** How a protocol writes one answer. */
export interface StreamProtocol {
  readonly headers?: Headers;
  /** Writes the answer with its end mark. Rejects with what the stream or `write` throws. */
  send(stream: AnswerStream, write: WriteFrame): Promise<void>;
  /** The last frames of an answer that failed. */
  failed(end: ErrorEvent): string;
}

export interface TurnRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly turn: AskedTurn;
}

/** Runs the turn and streams its answer. Throws before the first byte only for options of the run. */
export async function streamTurn(
  { agent, stopping, endings, guards: limits, ceilings }: ServerContext,
  { request, reply, turn }: TurnRequest,
  protocol: StreamProtocol,
  options: RunOptions = {},
): Promise<void> {
  const gone = readerGone(reply.raw);
  const session = turn.session ?? undefined;
  using ending = endings.with(gone);
  const stream = agent.runStreaming(turn.input, { ...options, session, signal: ending.signal, limits });
  reply.hijack();
  const headers = { ...reply.getHeaders(), ...protocol.headers };
  const sse = new SseWriter(reply.raw, { gone, stopping, headers, ...ceilings });
  await writeAnswer(stream, protocol, { request, turn }, (frame) => sse.write(frame), gone);
  await sse.end();
}

/** Writes the answer with its end, and logs it. Never rejects. */
export async function writeAnswer(
  stream: AnswerStream,
  protocol: StreamProtocol,
  { request, turn }: Pick<TurnRequest, 'request' | 'turn'>,
  write: WriteFrame,
  gone?: AbortSignal,
): Promise<void> {
  const sessionId = turn.session?.sessionId;
  let events = 0;
  const counted = (frame: string): Room => {
    events += 1;
    return write(frame);
  };
  try {
    await protocol.send(stream, counted);
    request.log.info({ sessionId, events }, 'stream done');
  } catch (error) {
    const end = turn.endFor(error);
    const early = 'stream ended early';
    if (error instanceof ReaderGone) request.log.info({ sessionId, events, by: 'reader' }, early);
    else {
      const fields = { sessionId, events, by: end.code, cause: causeOf(error) };
      if (isTold(error, end)) request.log.info(fields, early);
      else request.log.error({ ...fields, err: new AnswerFailed(error, end) }, early);
    }
    if (gone?.aborted !== true) await writeLast(counted, protocol.failed(end));
  }
}
