// The seam between the bytes of a model call and the API they speak: frames in, updates out, and what is known of the end.
import { AgentError } from '@turnstream/core';
import {
  asObject,
  type CallContext,
  type ChatUpdate,
  type JsonObject,
  reportedError,
  serviceError,
} from '@turnstream/core/seams';

/** `finished`: proven whole, though more may be said about it. `ended`: there is nothing left to wait for. */
export type Progress = 'open' | 'finished' | 'ended';

/** Where a decoder adds what it made of a frame: a list, or a queue. */
export interface Sink<Item> {
  push(item: Item): void;
}

/** One answer on one API. Does no I/O; whatever the frames hold, it throws nothing but `AgentError`. */
export interface Decoder<Item = ChatUpdate> {
  readonly progress: Progress;
  /** Takes one frame of a stream and adds the updates it stands for. Throws what the service reports. */
  takeFrame(event: string | undefined, data: string, updates: Sink<Item>): void;
  /** Takes a non-streamed answer. Throws `not_a_stream` when the body is not an answer. */
  takeWhole(body: JsonObject, updates: Sink<Item>): void;
  /** The body is over after `finished`: adds what was held back. */
  close(updates: Sink<Item>): void;
}

/** The object in a frame, or null when there is none to read. Throws the error that the frame reports. */
export function readFrame(event: string | undefined, data: string, context: CallContext): JsonObject | null {
  const frame = asObject(parse(data, event === 'error'));
  const reported = reportedError(event, frame);
  if (reported !== null) throw serviceError(reported, context);
  return frame;
}

function parse(data: string, isError: boolean): unknown {
  if (data === '') return null;
  try {
    return JSON.parse(data);
  } catch {
    if (isError) return null;
    throw new AgentError('stream_malformed', 'The stream held a frame that is not JSON. Ask again.');
  }
}
