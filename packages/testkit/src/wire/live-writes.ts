// The body of a background event stream, written as events happen, ended early where a fault says so.

import type { ByteFault } from '../script/faults.ts';
import { encodeText } from './body-plan.ts';
import type { LiveWrites } from './byte-plan.ts';
import type { LoggedEvent } from './event-log.ts';
import { frameIndex } from './frame-faults.ts';

/** The events of a stream, and how to wait for each. */
export interface LiveEvents {
  readonly known: readonly LoggedEvent[];
  /** The event at this position; null when the signal aborted first. */
  wait(index: number, signal: AbortSignal): Promise<LoggedEvent | null>;
  /** Whether it is the last one. */
  isLast(index: number): boolean;
}

export function liveWrites(events: LiveEvents, fault: ByteFault | undefined): LiveWrites {
  const point = fault === undefined || fault.kind === 'hold_open' ? { frames: events.known.length } : fault.after;
  const maxBytes = 'bytes' in point ? point.bytes : Number.POSITIVE_INFINITY;
  const places = 'bytes' in point ? events.known.length : frameIndex(events.known, point);
  const sent = { bytes: 0, chunks: 0 };
  return function* (over) {
    for (let index = 0; index < places && sent.bytes < maxBytes; index += 1) {
      yield events.wait(index, over).then((event) => {
        if (event === null) return null;
        const frame = encodeText(event.text);
        const bytes = frame.subarray(0, maxBytes - sent.bytes);
        sent.bytes += bytes.length;
        if (event.isChunk && bytes.length === frame.length) sent.chunks += 1;
        return { bytes, delayMs: 0, chunksSent: sent.chunks };
      });
      if (events.isLast(index)) return;
    }
  };
}
