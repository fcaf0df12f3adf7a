// The frames of one answer, as objects.
import { AgentError } from '@turnstream/core';
import { asObject, type CallContext, type JsonObject, reportedError, serviceError } from '@turnstream/core/seams';
import { FrameTemplate } from './frame-template.ts';

/** Making a template costs as much as parsing two frames: it is not worth it for a short answer. */
const FIRST_WAIT = 16;
/** Frames that repeat are short. */
const MAX_TEMPLATE_CHARS = 2_000;

/**
 * Parses frames. What is read is good until the next frame is: values in it may be kept, but neither the object itself nor
 * its `delta`.
 */
export class FrameReader {
  readonly #context: CallContext;
  #template: FrameTemplate | null = null;
  /** So many frames are parsed before the next template is made, and twice as many after that if nothing fits it. */
  #wait = FIRST_WAIT;
  #nextWait = FIRST_WAIT;

  constructor(context: CallContext) {
    this.#context = context;
  }

  /** The object in a frame, or null when there is none to read. Throws the error that the frame reports. */
  read(event: string | undefined, data: string): JsonObject | null {
    const frame = this.#fitted(data) ?? this.#parsed(event, data);
    const reported = reportedError(event, frame);
    if (reported !== null) throw serviceError(reported, this.#context);
    return frame;
  }

  #fitted(data: string): JsonObject | null {
    const frame = this.#template?.read(data) ?? null;
    if (frame !== null) this.#wait = this.#nextWait = 1;
    return frame;
  }

  #parsed(event: string | undefined, data: string): JsonObject | null {
    const frame = asObject(parse(data, event === 'error'));
    this.#wait -= 1;
    if (frame !== null && this.#wait <= 0 && data.length <= MAX_TEMPLATE_CHARS) {
      this.#template = FrameTemplate.of(data);
      this.#wait = this.#nextWait *= 2;
    }
    return frame;
  }
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
