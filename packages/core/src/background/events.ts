// The events of a background run as updates: noted as delivered, and read on where a stream broke off.
import { AgentError } from '../errors.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import type { BackgroundEvent } from '../model/background-client.ts';
import { sign } from '../run/answer.ts';
import type { BackgroundPlan, BackgroundProgress } from './progress.ts';

/** A stream that is silent for this long is closed, and the run is polled. */
const SILENCE_MS = 60_000;

export interface EventsOptions {
  /** Null for all of them. */
  readonly after: number | null;
  readonly signal: AbortSignal;
}

/** Reads one response, and returns whether its stream was cut and is worth reading on. */
export type ReadEvents = (responseId: string) => AsyncGenerator<AgentResponseUpdate, boolean>;

type Plan = Pick<BackgroundPlan<unknown>, 'background' | 'name'>;
type Progress = BackgroundProgress<unknown>;

/** Each response in one piece, the first one after `after`. A cut is thrown. */
export function readWhole(plan: Plan, progress: Progress, { after, signal }: EventsOptions): ReadEvents {
  let from = after;
  return async function* read(responseId) {
    for await (const { update } of eventsOf(plan, progress, responseId, { after: from, signal })) yield update;
    from = null;
    return false;
  };
}

/**
 * Each response in as many pieces as it takes, no update twice. A stream that fails before it got any further is left
 * alone from then on; the next response has one of its own.
 */
export function readOn(plan: Plan, progress: Progress, signal: AbortSignal): ReadEvents {
  let current = '';
  let last = -1;
  let isGivenUp = false;
  return async function* read(responseId) {
    if (responseId !== current) [current, last, isGivenUp] = [responseId, -1, false];
    if (isGivenUp) return false;
    const before = last;
    const silence = new SilenceTimer(signal);
    // Inside a call this lies before what was read already: only there a stream can be resumed.
    const after = progress.token.sequenceNumber;
    try {
      for await (const { sequenceNumber, update } of eventsOf(plan, progress, responseId, {
        after,
        signal: silence.signal,
      })) {
        silence.stop();
        if (sequenceNumber > last) yield update;
        last = Math.max(last, sequenceNumber);
        silence.start();
      }
      return false;
    } catch (error) {
      signal.throwIfAborted();
      if (silence.isOver) return true;
      if (!(error instanceof AgentError)) throw error;
      isGivenUp = last === before;
      return !isGivenUp;
    } finally {
      silence.stop();
    }
  };
}

async function* eventsOf(
  plan: Plan,
  progress: Progress,
  responseId: string,
  options: EventsOptions,
): AsyncGenerator<BackgroundEvent, undefined> {
  let inCall = false;
  for await (const event of plan.background.stream(responseId, options)) {
    const { sequenceNumber, update } = event;
    // The arguments of a call come in fragments: resumed in their middle, nobody could join them.
    inCall ||= update.contents.some((content) => content.type === 'function_call');
    if (!inCall && progress.outcome === null) progress.delivered(responseId, sequenceNumber);
    sign(update, plan.name);
    yield event;
  }
}

/** Runs while the service is waited for, and not while the reader takes its time. */
class SilenceTimer {
  readonly signal: AbortSignal;
  readonly #silence = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.#silence.signal]);
    this.start();
  }

  get isOver(): boolean {
    return this.#silence.signal.aborted;
  }

  start(): void {
    this.#timer = setTimeout(() => this.#silence.abort(), SILENCE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
