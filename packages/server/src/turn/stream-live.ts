// Streams one answer that outlives its reader. It goes on until its end, a limit, a stop, or the end of the server.
import type { RunOptions } from '@turnstream/core';
import type { FastifyReply } from 'fastify';
import type { ServerContext } from './context.ts';
import { LiveAnswer, type LiveAnswers } from './live-answer.ts';
import { streamFrames } from './stream-frames.ts';
import { type StreamProtocol, type TurnRequest, writeAnswer } from './stream-turn.ts';

export interface LivePlace {
  readonly answers: LiveAnswers;
  /** What its client calls the conversation. */
  readonly name: string;
}

/** Throws before the first byte only for options of the run. */
export async function streamLive(
  served: ServerContext,
  asked: TurnRequest,
  protocol: StreamProtocol,
  options: RunOptions,
  { answers, name }: LivePlace,
): Promise<void> {
  const { request, reply, turn } = asked;
  const { agent, stopping: signal, guards: limits } = served;
  const session = turn.session ?? undefined;
  const stream = agent.runStreaming(turn.input, { ...options, session, signal, limits });
  const answer = new LiveAnswer(stream);
  const kept = answers.keep(request.owner, name, answer);
  const running = writeAnswer(stream, protocol, asked, async (frame) => answer.push(frame)).finally(() => {
    // The next turn may begin, though readers may still be reading this one.
    turn[Symbol.dispose]();
    kept[Symbol.dispose]();
    answer.end();
  });
  await streamAnswer(served, reply, protocol, answer);
  await running;
}

/** Sends the whole answer to one reader, from its beginning. */
export async function streamAnswer(
  served: ServerContext,
  reply: FastifyReply,
  { headers = {}, failed }: Pick<StreamProtocol, 'failed' | 'headers'>,
  answer: LiveAnswer,
): Promise<void> {
  void reply.headers(headers);
  await streamFrames(served, reply, (gone) => answer.frames(gone), failed);
}
