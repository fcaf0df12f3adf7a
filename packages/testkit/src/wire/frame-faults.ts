// Applies a frame fault to the frames of an answer.
import type { FrameFault, FramePoint } from '../script/faults.ts';
import { type Answer, encodeFrame, type Frame, type Wire } from './wire.ts';

/** The frames of a streamed answer as text, in order, with the fault applied. */
export function framesOf(wire: Wire, answer: Answer, fault: FrameFault | undefined): EncodedFrame[] {
  const frames = wire.frames(answer);
  if (fault === undefined) return wire.number(frames).map(encode);
  const place = frameIndex(frames, fault.after);
  const numbered = wire.number(withOwnFrames(wire, answer, frames, fault, place)).map(encode);
  return damaged(numbered, fault, place);
}

/** A frame as sent. */
export interface EncodedFrame {
  readonly text: string;
  readonly isChunk: boolean;
  /** Its event name; null when it has none. */
  readonly event: string | null;
  /** Its sequence number; null when it has none. */
  readonly sequence: number | null;
}

/** The body of a non-streamed answer, with the fault applied. */
export function bodyOf(wire: Wire, answer: Answer, fault: FrameFault | undefined): string {
  switch (fault?.kind) {
    case undefined:
      return JSON.stringify(wire.json(answer));
    case 'error_frame':
      return JSON.stringify(wire.errorFrame(fault.error, fault.shape ?? 'nested').data);
    case 'response_failed':
      return JSON.stringify(wire.failed(answer, fault.error).json);
    case 'malformed_frame':
      return JSON.stringify(wire.json(answer)).slice(0, -2);
    case 'duplicate_frame':
    case 'missing_frame':
    case 'unknown_event':
    case 'flood':
      throw new Error(`the fault ${fault.kind} needs a streamed answer, and this request did not ask for one`);
    default:
      return fault satisfies never;
  }
}

/** How many frames precede the point. */
export function frameIndex(frames: readonly { readonly isChunk: boolean }[], point: FramePoint): number {
  if ('frames' in point) return Math.min(point.frames, frames.length);
  let seen = 0;
  let index = 0;
  for (const [position, frame] of frames.entries()) {
    if (!frame.isChunk) continue;
    // "Before the first chunk" means after all opening frames.
    if (seen === point.chunks) return position;
    seen += 1;
    index = position + 1;
  }
  return index;
}

/** Faults that insert a frame, which is numbered with the others. */
function withOwnFrames(
  wire: Wire,
  answer: Answer,
  frames: readonly Frame[],
  fault: FrameFault,
  place: number,
): Frame[] {
  const before = frames.slice(0, place);
  const rest = frames.slice(place);
  switch (fault.kind) {
    case 'unknown_event':
      return [...before, wire.unknownFrame(), ...rest];
    case 'error_frame':
      return [...before, wire.errorFrame(fault.error, fault.shape)];
    case 'response_failed':
      return [...before, wire.failed(answer, fault.error).frame];
    case 'flood':
      return [...before, ...(fault.as === 'frames' ? floodFrames(wire, answer, fault.bytes) : []), ...rest];
    case 'malformed_frame':
    case 'duplicate_frame':
    case 'missing_frame':
      return [...frames];
    default:
      return fault satisfies never;
  }
}

/** Faults that change frames already written. */
function damaged(frames: EncodedFrame[], fault: FrameFault, place: number): EncodedFrame[] {
  const next = frames[place];
  if (next === undefined) return frames;
  switch (fault.kind) {
    case 'malformed_frame':
      return frames.with(place, { ...next, text: `${next.text.trimEnd().slice(0, -2)}\n\n` });
    case 'duplicate_frame':
      return frames.toSpliced(place, 0, { ...next, isChunk: false });
    case 'missing_frame':
      return frames.toSpliced(place, 1);
    case 'flood':
      return fault.as === 'line' ? frames.toSpliced(place, 0, ...endlessLine(fault.bytes)) : frames;
    case 'unknown_event':
    case 'error_frame':
    case 'response_failed':
      return frames;
    default:
      return fault satisfies never;
  }
}

const floodPieceBytes = 4096;

function floodFrames(wire: Wire, answer: Answer, bytes: number): Frame[] {
  const frame = wire.textFrame(answer, 'x'.repeat(floodPieceBytes));
  return Array.from({ length: Math.ceil(bytes / floodPieceBytes) }, () => frame);
}

/** A data line without an end, in pieces small enough for a reader to leave between them. */
function endlessLine(bytes: number): EncodedFrame[] {
  const piece = { text: 'x'.repeat(floodPieceBytes), isChunk: false, event: null, sequence: null };
  return [{ ...piece, text: 'data: ' }, ...Array.from({ length: Math.ceil(bytes / floodPieceBytes) }, () => piece)];
}

function encode(frame: Frame): EncodedFrame {
  const sequence = typeof frame.data === 'string' ? null : frame.data['sequence_number'];
  return {
    text: encodeFrame(frame),
    isChunk: frame.isChunk,
    event: frame.event ?? null,
    sequence: typeof sequence === 'number' ? sequence : null,
  };
}
