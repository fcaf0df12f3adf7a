// Turns an answer into a protocol: a fold without I/O, from updates to the payloads of frames.
import type { AgentResponse, AgentResponseUpdate } from '@turnstream/core';
import type { ErrorEvent } from '../events/wire.ts';
import { eachUpdate } from '../sse/each-update.ts';
import type { Headers } from '../sse/writer.ts';
import type { ApprovalBatch } from '../store/approvals.ts';
import type { AskedTurn } from '../turn/request.ts';
import type { StreamProtocol } from '../turn/stream-turn.ts';

export interface AnswerFold<Payload extends object> {
  begin(): readonly Payload[];
  update(update: AgentResponseUpdate): readonly Payload[];
  /** The answer is complete and stored; `approvals` are the calls that the session now waits with. */
  done(response: AgentResponse<unknown>, approvals: ApprovalBatch | null): readonly Payload[];
  /** The answer failed, before or after its first update. */
  failed(end: ErrorEvent): readonly Payload[];
}

export interface Framing<Payload> {
  readonly headers?: Headers;
  readonly frame: (payload: Payload) => string;
  /** Sent after the last payload of a complete answer. */
  readonly last?: string;
}

/** A fold as a stream: its payloads in frames, as the answer comes. */
export function folded<Payload extends object>(
  turn: AskedTurn,
  fold: AnswerFold<Payload>,
  { headers = {}, frame, last = '' }: Framing<Payload>,
): StreamProtocol {
  const framed = (payloads: readonly Payload[]): string => payloads.map(frame).join('');
  return {
    headers,
    async send(stream, write) {
      await write(framed(fold.begin()));
      await eachUpdate(stream, (update) => {
        const frames = framed(fold.update(update));
        return frames === '' ? undefined : write(frames);
      });
      const response = await stream.finalResponse();
      await write(framed(fold.done(response, turn.approvalsIn(response))) + last);
    },
    failed: (end) => framed(fold.failed(end)),
  };
}
