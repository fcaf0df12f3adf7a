// The numbered events of a background response: each one update, none twice, none out of place.
import { AgentError } from '@turnstream/core';
import {
  asCount,
  asObject,
  type BackgroundEvent,
  type CallContext,
  type ChatUpdate,
  COMMENTARY,
  type JsonObject,
} from '@turnstream/core/seams';
import type { Decoder, Progress, Sink } from '../call/decoder.ts';
import { FrameReader } from '../call/frame-reader.ts';
import { ResponsesDecoder, type ResumePoint } from './answer.ts';
import { ENDS, typeOf } from './event.ts';

/** These end a response without an answer; what became of it is the snapshot's to say. */
const WITHOUT_ANSWER: ReadonlySet<string> = new Set(['response.failed', 'response.cancelled']);

/**
 * What follows a gap is held back, because the reader could not continue there: the end of the response makes up for it
 * when the stream is one from the beginning, and is `stream_malformed` when it is not.
 */
export class BackgroundEventDecoder implements Decoder<BackgroundEvent> {
  progress: Progress = 'open';
  /** The first response object of the stream, or the one that came instead of a stream. */
  opened: JsonObject | null = null;
  readonly context: CallContext;
  readonly #frames: FrameReader;
  readonly #answer: ResponsesDecoder;
  readonly #isStart: boolean;
  #isEmpty = true;
  #last: number | null;
  #isLossy = false;

  constructor(context: CallContext, resumePoint: ResumePoint) {
    this.context = context;
    this.#frames = new FrameReader(context);
    this.#answer = new ResponsesDecoder(context, true, resumePoint);
    this.#isStart = resumePoint.responseId === null;
    this.#last = resumePoint.after;
  }

  /** No event has come. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  takeFrame(event: string | undefined, data: string, events: Sink<BackgroundEvent>): void {
    if (data === '[DONE]') return;
    const frame = this.#frames.read(event, data);
    if (frame === null) return;
    this.#isEmpty = false;
    this.opened ??= asObject(frame['response']);
    const type = typeOf(frame, event);
    const isEnd = ENDS.has(type);
    if (!this.#isNext(asCount(frame['sequence_number'])) && !isEnd) return;
    const updates: ChatUpdate[] = [];
    if (!WITHOUT_ANSWER.has(type)) this.#answer.takeEvent(type, frame, updates);
    if (isEnd) this.progress = 'ended';
    const [update, ...more] = updates;
    if (update !== undefined) events.push({ sequenceNumber: this.#number(), update: merged(update, more) });
  }

  /** The service may answer the start of a response without a stream, but not the wish for one. */
  takeWhole(body: JsonObject): void {
    if (!this.#isStart) {
      throw new AgentError('not_a_stream', 'The service answered with one response instead of its events.');
    }
    this.opened = body;
    this.progress = 'ended';
  }

  close(): void {
    // Nothing is held back: a response is not finished before it has ended.
  }

  /** False for a repeat, and for all that comes after a gap. */
  #isNext(number: number | null): boolean {
    if (number === null) return !this.#isLossy;
    const last = this.#last;
    if (last !== null && number <= last) return false;
    this.#isLossy ||= last !== null && number > last + 1;
    this.#last = number;
    return !this.#isLossy;
  }

  #number(): number {
    if (this.#last !== null) return this.#last;
    throw new AgentError('stream_malformed', 'The service does not number its events. Use wait() instead.');
  }
}

/**
 * One event is one update; otherwise a position could fall in the middle of an event. The update belongs to the last message
 * with text of the answer. What was lost of a commentary before it is left out, or it would become part of the answer.
 */
function merged(update: ChatUpdate, more: readonly ChatUpdate[]): ChatUpdate {
  const all = [update, ...more];
  const spoken = all.findLast(({ text }) => text !== '');
  const { messageId, phase } = spoken ?? all.find((each) => each.messageId !== null) ?? update;
  const kept = all.filter((each) => spoken === undefined || each.phase !== COMMENTARY);
  return {
    ...(all.at(-1) ?? update),
    text: all.map(({ text }) => text).join(''),
    contents: kept.flatMap(({ contents }) => contents),
    messageId,
    phase,
  };
}
