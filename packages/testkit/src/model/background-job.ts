// One background response at the service: its state and the transitions left to it.

import type { JsonObject } from '../request/body.ts';
import type { BackgroundStep, Look, StreamOutcome } from '../script/background.ts';
import { type Clock, realClock } from '../script/clock.ts';
import type { HttpErrorStep } from '../script/reply.ts';
import { cancelledEvent, eventsOf, type LoggedEvent } from '../wire/event-log.ts';
import type { LiveEvents } from '../wire/live-writes.ts';
import { cancelledResponse, failedResponse, responseObject } from '../wire/response-object.ts';
import { type Answer, isStreamed } from '../wire/wire.ts';

export type JobState = Exclude<Look, HttpErrorStep>;

export class BackgroundJob {
  /** Only such a response can be streamed later. */
  readonly wasStreamed: boolean;
  readonly #answer: Answer;
  readonly #step: BackgroundStep;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #streams: StreamOutcome[];
  readonly #looks: Look[];
  #events: readonly LoggedEvent[];
  #delivered = 0;
  /** When it ended early: by a scripted poll, by a cancel, or because a reader reached the end. */
  #endedAtMs: number | null = null;
  #wasCancelled = false;
  /** Aborted when nothing waits any more. */
  readonly #ended = new AbortController();

  constructor(step: BackgroundStep, answer: Answer) {
    this.wasStreamed = isStreamed(answer.request);
    this.#answer = answer;
    this.#step = step;
    this.#clock = step.clock ?? realClock;
    this.#startedAt = this.#clock.now();
    this.#streams = [...step.streams];
    this.#looks = [...(step.looks ?? [])];
    this.#events = eventsOf(answer, step.reply, step.queuedMs ?? 0);
  }

  /** What the next poll will find, apart from errors of the service. */
  get state(): JobState {
    const scripted = this.#looks.find((look) => typeof look === 'string');
    if (scripted === 'expired') return 'expired';
    const { looks, queuedMs = 0, keptMs = Number.POSITIVE_INFINITY } = this.#step;
    const nowMs = this.#elapsedMs();
    const lastMs = this.#events.at(-1)?.atMs ?? 0;
    const endedAtMs = this.#endedAtMs ?? (looks === undefined && lastMs <= nowMs ? lastMs : null);
    if (endedAtMs !== null) return nowMs > endedAtMs + keptMs ? 'expired' : 'done';
    if (looks !== undefined) return scripted ?? 'done';
    return nowMs < queuedMs ? 'queued' : 'in_progress';
  }

  get outcome(): 'open' | 'answered' | 'unanswered' {
    const { state } = this;
    if (state === 'queued' || state === 'in_progress') return 'open';
    return this.#wasCancelled ? 'unanswered' : 'answered';
  }

  /** Polls, which uses up one scripted poll. */
  look(): JobState | HttpErrorStep {
    const [next] = this.#looks;
    const found = typeof next === 'object' ? next : this.state;
    if (next !== 'expired') this.#looks.shift();
    if (found === 'done') this.#end();
    return found;
  }

  /** The response object in this state. */
  json(state: JobState): JsonObject {
    if (state === 'queued' || state === 'in_progress') return responseObject(this.#answer, state);
    if (this.#wasCancelled) return cancelledResponse(this.#answer);
    const { fault } = this.#step.reply;
    const hasFailed = fault?.kind === 'response_failed' || fault?.kind === 'error_frame';
    return hasFailed ? failedResponse(this.#answer, fault.error) : responseObject(this.#answer, 'done');
  }

  /** Sent while the response is still open. */
  get openHeaders(): Readonly<Record<string, string>> {
    return this.#step.openHeaders ?? {};
  }

  /** The scripted behavior of the stream that opens now. */
  nextStream(): StreamOutcome {
    return this.#streams.shift() ?? 'whole';
  }

  /** The events with higher numbers, including those still to come. */
  eventsAfter(sequence: number): LiveEvents {
    const place = this.#events.findIndex((event) => event.sequence !== null && event.sequence > sequence);
    const first = place < 0 ? this.#events.length : place;
    return {
      known: this.#events.slice(first),
      wait: (index, signal) => this.#wait(first + index, signal),
      isLast: (index) => first + index >= this.#events.length - 1,
    };
  }

  cancel(): void {
    // With a clock, everything due has happened. With a script, only what a reader has read.
    const isByTime = this.#step.looks === undefined;
    const happened = this.#events.filter((event, index) =>
      isByTime ? event.atMs <= this.#elapsedMs() : index < this.#delivered,
    );
    this.#events = [...happened, cancelledEvent(this.#answer, happened)];
    this.#wasCancelled = true;
    this.#endedAtMs = this.#elapsedMs();
    this.#end();
  }

  async #wait(index: number, signal: AbortSignal): Promise<LoggedEvent | null> {
    while (!signal.aborted) {
      const event = this.#events[index];
      if (event === undefined) return null;
      if (this.#endedAtMs !== null || event.atMs <= this.#elapsedMs()) {
        this.#delivered = Math.max(this.#delivered, index + 1);
        if (this.#delivered === this.#events.length) this.#end();
        return event;
      }
      await this.#clock.until(this.#startedAt + event.atMs, AbortSignal.any([signal, this.#ended.signal]));
    }
    return null;
  }

  #elapsedMs(): number {
    return this.#clock.now() - this.#startedAt;
  }

  #end(): void {
    this.#endedAtMs ??= this.#step.looks === undefined ? (this.#events.at(-1)?.atMs ?? 0) : this.#elapsedMs();
    this.#ended.abort();
  }
}
