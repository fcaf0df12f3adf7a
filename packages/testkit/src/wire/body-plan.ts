// Splits a body into timed network chunks, and ends it early where a connection fault says so.
import { type Cuts, cutOffsets, perFrame } from '../script/cuts.ts';
import type { ByteFault, BytePoint } from '../script/faults.ts';
import type { Pace } from '../script/reply.ts';
import { frameIndex } from './frame-faults.ts';

/** One network chunk. */
export interface PlannedWrite {
  readonly bytes: Uint8Array;
  readonly delayMs: number;
  /** How many scripted chunks are fully sent after this write. */
  readonly chunksSent: number;
}

export interface BodyPlan {
  readonly writes: readonly PlannedWrite[];
  /** `silence`: sends nothing more and keeps the connection open until the reader leaves. */
  readonly ending: 'end' | 'reset' | 'silence';
}

/** A frame, a JSON body or a piece of a raw one, before it is split. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly isChunk: boolean;
}

export interface BodyOptions extends Pace {
  readonly cuts?: Cuts;
  readonly fault?: ByteFault | undefined;
}

/** How the body ends after a connection fault. */
export const endings: Readonly<Record<ByteFault['kind'], BodyPlan['ending']>> = {
  reset: 'reset',
  truncate: 'end',
  stall: 'silence',
  hold_open: 'silence',
};

export function planBody(pieces: readonly Piece[], options: BodyOptions): BodyPlan {
  const { cuts = perFrame, fault } = options;
  const marks = markPieces(pieces, options);
  const length = marks.at(-1)?.end ?? 0;
  const ends = cutOffsets(
    cuts,
    fault === undefined || fault.kind === 'hold_open' ? length : Math.min(length, offsetOf(pieces, fault.after)),
    marks.map((mark) => mark.end),
  );
  return { writes: writesOf(ends, marks), ending: fault === undefined ? 'end' : endings[fault.kind] };
}

export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

interface Mark {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly isChunk: boolean;
  readonly delayMs: number;
}

function markPieces(pieces: readonly Piece[], pace: Pace): Mark[] {
  let end = 0;
  let chunks = 0;
  return pieces.map(({ bytes, isChunk }) => {
    const start = end;
    end += bytes.length;
    if (!isChunk) return { bytes, start, end, isChunk, delayMs: 0 };
    chunks += 1;
    return { bytes, start, end, isChunk, delayMs: (chunks === 1 ? pace.firstChunkDelayMs : pace.chunkDelayMs) ?? 0 };
  });
}

/** A network chunk waits for the sum of the waits of the pieces that begin in it. */
function writesOf(ends: readonly number[], marks: readonly Mark[]): PlannedWrite[] {
  let start = 0;
  let begun = 0;
  let finished = 0;
  let chunksSent = 0;
  return ends.map((end) => {
    let delayMs = 0;
    const first = finished;
    for (let mark = marks[begun]; mark !== undefined && mark.start < end; mark = marks[++begun])
      delayMs += mark.delayMs;
    for (let mark = marks[finished]; mark !== undefined && mark.end <= end; mark = marks[++finished]) {
      if (mark.isChunk) chunksSent += 1;
    }
    // Bytes are copied only when a write spans several pieces; a large answer has thousands of writes.
    const bytes = joinBytes(
      marks.slice(first, begun).map((mark) => mark.bytes.subarray(Math.max(0, start - mark.start), end - mark.start)),
    );
    start = end;
    return { bytes, delayMs, chunksSent };
  });
}

function offsetOf(pieces: readonly Piece[], point: BytePoint): number {
  if ('bytes' in point) return point.bytes;
  return pieces.slice(0, frameIndex(pieces, point)).reduce((sum, piece) => sum + piece.bytes.length, 0);
}

function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
