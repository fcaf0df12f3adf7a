// An answer that is given without a connection, as a step of a script.
import type { Clock } from './clock.ts';
import { type ByteFault, isByteFault } from './faults.ts';
import type { HttpErrorStep, ReplyStep } from './reply.ts';

/**
 * What one look finds: a status; `done`, the end of the answer, whatever it is; `expired`, nothing any more (404); or an
 * error of the service that leaves the answer as it is.
 */
export type Look = 'queued' | 'in_progress' | 'done' | 'expired' | HttpErrorStep;

/** What becomes of one stream of events: all of them, a fault after some of them, or an error instead. */
export type StreamOutcome = 'whole' | ByteFault | HttpErrorStep;

export interface BackgroundOptions {
  /**
   * What the looks (`GET /responses/{id}`) find, one entry each; the answer is done afterwards. Cancelling finds what the
   * next look would. Left out: it is done when its time has come, with `queuedMs` and the pace of the reply.
   */
  readonly looks?: readonly Look[];
  /**
   * What becomes of the streams, one entry each, the one of `POST` with `stream: true` first; `whole` afterwards. A fault
   * counts the events of its own stream. A fault of the reply's connection is that of the first stream.
   */
  readonly streams?: readonly StreamOutcome[];
  /** How long it is queued; 0 unless told. */
  readonly queuedMs?: number;
  /** What the times are measured with; the real time unless told. */
  readonly clock?: Clock;
  /** How long it is kept after its end; for ever unless told. */
  readonly keptMs?: number;
  /** Sent with what says that it is still open, such as `retry-after`. */
  readonly openHeaders?: Readonly<Record<string, string>>;
}

export interface BackgroundStep extends BackgroundOptions {
  readonly kind: 'background';
  readonly reply: ReplyStep;
  readonly streams: readonly StreamOutcome[];
}

/**
 * Answers `POST /responses` with `background: true` at once, as queued, and then looks, streams and a cancel by the id of
 * the response, which use up no step. Failing is a fault of the reply (`responseFailed`); finish reason `length` makes it
 * `incomplete`. A plain `reply()` is taken as `background(reply())`.
 *
 * @example
 * background(reply(['Alpha ', 'beta.']), { looks: ['queued', 'in_progress'] })
 * background(reply(words, { chunkDelayMs: 1000 }), { clock, queuedMs: 500, streams: [resetAfter({ frames: 4 })] })
 */
export function background(reply: ReplyStep, options: BackgroundOptions = {}): BackgroundStep {
  const { fault, ...rest } = reply;
  if (!isByteFault(fault)) return { kind: 'background', reply, streams: [], ...options };
  return { kind: 'background', reply: rest, streams: [fault], ...options };
}
