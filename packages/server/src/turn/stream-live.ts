// Streams one answer that outlives its reader. It goes on until its end, a limit, a stop, or the end of the server.
import type { RunOptions } from '@turnstream/core';
import type { ServerContext } from './context.ts';
import { LiveAnswer, type LiveAnswers } from './live-answer.ts';
import { streamFrames } from './stream-frames.ts';
import { type StreamProtocol, type TurnRequest, writeAnswer } from './stream-turn.ts';

export interface LivePlace {
  readonly answers: LiveAnswers;
  /** What its client calls the conversation. */
  readonly name: string;
  /** Frames of what the answer continues, for readers that come later. */
  readonly before: string;
}

/** Throws before the first byte only for options of the run, and `session_busy` while the last answer goes on. */
export async function streamLive(
  served: ServerContext,
  asked: TurnRequest,
  protocol: StreamProtocol,
  options: RunOptions,
  { answers, name, before }: LivePlace,
): Promise<void> {
  const { request, reply, turn } = asked;
  const { agent, stopping: signal, guards: limits } = served;
  const session = turn.session ?? undefined;
  const stream = agent.runStreaming(turn.input, { ...options, session, signal, limits });
  const answer = new LiveAnswer(stream, before);
  const kept = answers.keep(request.agentOwner, name, answer);
  const running = writeAnswer(stream, protocol, asked, (frame) => answer.push(frame)).finally(() => {
    // The next turn may begin, though readers may still be reading this one.
    turn[Symbol.dispose]();
    kept[Symbol.dispose]();
    answer.end();
  });
  void reply.headers(protocol.headers ?? {});
  await streamFrames(
    served,
    reply,
    (gone) => answer.frames(gone),
    (end) => protocol.failed(end),
  );
  await running;
}
