// The seam between the bytes of a model call and the API they speak: frames in, updates out, and what is known of the end.
import type { ChatUpdate, JsonObject } from '@turnstream/core/seams';

/** `finished`: proven whole, though more may be said about it. `ended`: there is nothing left to wait for. */
export type Progress = 'open' | 'finished' | 'ended';

/** Where a decoder adds what it made of a frame: a list, or a queue. */
export interface Sink<Item> {
  push(item: Item): void;
}

/** One answer on one API. Does no I/O; whatever the frames hold, it throws nothing but `AgentError`. */
export interface Decoder<Item = ChatUpdate> {
  readonly progress: Progress;
  /** Takes one frame of a stream and adds the updates in it. Throws what the service reports. */
  takeFrame(event: string | undefined, data: string, updates: Sink<Item>): void;
  /** Takes a non-streamed answer. Throws `not_a_stream` when the body is not an answer. */
  takeWhole(body: JsonObject, updates: Sink<Item>): void;
  /** The body is over after `finished`: adds what was held back. */
  close(updates: Sink<Item>): void;
}
