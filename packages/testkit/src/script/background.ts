// A background answer as a step of a script.
import type { Clock } from './clock.ts';
import { type ByteFault, isByteFault } from './faults.ts';
import type { HttpErrorStep, ReplyStep } from './reply.ts';

/**
 * What one poll finds: a status; `done`, the final state of the answer; `expired`, a 404; or an error of the service
 * that leaves the answer unchanged.
 */
export type Look = 'queued' | 'in_progress' | 'done' | 'expired' | HttpErrorStep;

/** How one event stream goes: `whole`, a fault after some events, or an error instead. */
export type StreamOutcome = 'whole' | ByteFault | HttpErrorStep;

/** Options of `background`: what polls and streams find. */
export interface BackgroundOptions {
  /**
   * What the polls (`GET /responses/{id}`) find, one entry each; afterwards the answer is done. A cancel finds what the
   * next poll would. By default the clock decides: `queuedMs`, then the pace of the reply.
   */
  readonly looks?: readonly Look[];
  /**
   * How the streams go, one entry each, starting with that of `POST` with `stream: true`; `whole` afterwards. A fault
   * counts the events of its own stream. A connection fault of the reply applies to the first stream.
   */
  readonly streams?: readonly StreamOutcome[];
  /** How long it stays queued; 0 by default. */
  readonly queuedMs?: number;
  /** The clock for these times; real time by default. */
  readonly clock?: Clock;
  /** How long it is kept after it ends; indefinitely by default. */
  readonly keptMs?: number;
  /** Sent with responses that are still open, for example `retry-after`. */
  readonly openHeaders?: Readonly<Record<string, string>>;
}

/** A background response, as `background()` makes it. */
export interface BackgroundStep extends BackgroundOptions {
  readonly kind: 'background';
  readonly reply: ReplyStep;
  readonly streams: readonly StreamOutcome[];
}

/**
 * Answers `POST /responses` with `background: true` at once with status `queued`, then polls, streams and a cancel of
 * that id, which use up no step. To fail, give the reply the fault `responseFailed`; finish reason `length` makes it
 * `incomplete`. A plain `reply()` counts as `background(reply())`.
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
