// The numbered events of a background response, each with the time at which the model produces it.
import { isByteFault } from '../script/faults.ts';
import type { ReplyStep } from '../script/reply.ts';
import { framesOf } from './frame-faults.ts';
import { cancelledResponse } from './response-object.ts';
import { responsesWire } from './responses.ts';
import { type Answer, encodeFrame } from './wire.ts';

export interface LoggedEvent {
  readonly text: string;
  readonly isChunk: boolean;
  /** Null for a frame inserted by a fault. */
  readonly sequence: number | null;
  /** Milliseconds after the response was started. */
  readonly atMs: number;
}

export function eventsOf(answer: Answer, step: ReplyStep, queuedMs: number): LoggedEvent[] {
  const { fault, firstChunkDelayMs = 0, chunkDelayMs = 0 } = step;
  let atMs = 0;
  let chunks = 0;
  const frames = framesOf(responsesWire, answer, isByteFault(fault) ? undefined : fault);
  return frames.map(({ text, isChunk, event, sequence }) => {
    if (event === 'response.in_progress') atMs += queuedMs;
    if (isChunk) {
      atMs += chunks === 0 ? firstChunkDelayMs : chunkDelayMs;
      chunks += 1;
    }
    return { text, isChunk, sequence, atMs };
  });
}

/** A cancelled response ends with `response.failed`: the API has no event for cancellation. */
export function cancelledEvent(answer: Answer, after: readonly LoggedEvent[]): LoggedEvent {
  const last = after.at(-1);
  const sequence = (last?.sequence ?? -1) + 1;
  const data = { type: 'response.failed', sequence_number: sequence, response: cancelledResponse(answer) };
  return {
    text: encodeFrame({ event: data.type, data, isChunk: false }),
    isChunk: false,
    sequence,
    atMs: last?.atMs ?? 0,
  };
}
