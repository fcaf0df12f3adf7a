// One run without a connection: started, looked at, streamed, resumed elsewhere, and delivered once.

import { AgentError } from '../errors.ts';
import type { AgentResponse } from '../message/response.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import type { BackgroundStatus } from '../model/background-client.ts';
import { MAX_TIMER_MS, sleep, unlessAborted } from '../timers.ts';
import { pollDelayMs } from './polling.ts';
import type { BackgroundPlan, BackgroundProgress, Outcome } from './progress.ts';
import type { BackgroundToken } from './token.ts';

export interface WaitOptions {
  /** Ends the waiting, not the run, with its own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest to wait, in milliseconds: `background_timeout`. The run goes on at the service. */
  readonly timeoutMs?: number | undefined;
  /** First pause between two looks, in milliseconds: 1,000 when left out, never under 250. Pauses grow up to 10 seconds. */
  readonly pollMs?: number | undefined;
}

export interface UpdatesOptions {
  /** Ends the stream, not the run, with its own reason. */
  readonly signal?: AbortSignal | undefined;
  /** The event to go on after; null for all of them. Left out: after what was delivered already, here or before. */
  readonly after?: number | null | undefined;
}

/** Failures of a look that the next one may not have. */
const PASSING: readonly string[] = ['connection_failed', 'rate_limited', 'server_error'];
const PASSING_IN_A_ROW = 5;

/**
 * A run that the service works on while nobody is connected.
 *
 * `toJSON()` is all that another process needs for `agent.resumeBackground()`. The turn is remembered when the run is
 * seen to have ended, once, with its question. Leaving a stream of updates leaves the run alone; `cancel()` stops it.
 */
export class BackgroundRun<Value = never> {
  readonly #plan: BackgroundPlan<Value>;
  readonly #progress: BackgroundProgress<Value>;

  constructor(plan: BackgroundPlan<Value>, progress: BackgroundProgress<Value>) {
    this.#plan = plan;
    this.#progress = progress;
  }

  /** The service's id of the response under way; a run with tools goes through several. */
  get id(): string {
    return this.#progress.token.responseId;
  }

  /** As last seen. `completed` is only the run's end once `wait()` has resolved or `poll()` has said so. */
  get status(): BackgroundStatus {
    return this.#progress.status;
  }

  /** The last event that was delivered and can be resumed after; null when there is none. */
  get sequenceNumber(): number | null {
    return this.#progress.token.sequenceNumber;
  }

  /** How long the service asked to wait before the next look, in milliseconds; null when it did not say. */
  get retryAfterMs(): number | null {
    return this.#progress.retryAfterMs;
  }

  /**
   * Looks once. A run whose response asked for tools runs them and is `queued` again. Rejects when the look failed, and
   * with the reason of the signal, which ends the waiting and not the look.
   */
  async poll({ signal }: Pick<WaitOptions, 'signal'> = {}): Promise<BackgroundStatus> {
    await unlessAborted(this.#progress.look(), signal);
    return this.status;
  }

  /**
   * Waits for the end. Resolves for `completed`, `incomplete` and `cancelled`, which the response's status tells apart;
   * rejects with `response_failed` (and the service's own code), `background_expired` or `background_timeout`.
   */
  async wait({ signal, timeoutMs, pollMs = 1_000 }: WaitOptions = {}): Promise<AgentResponse<Value>> {
    const late = new AbortController();
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => late.abort(this.#late(timeoutMs)), Math.min(timeoutMs, MAX_TIMER_MS));
    try {
      return await this.#untilEnd(
        pollMs,
        AbortSignal.any(signal === undefined ? [late.signal] : [late.signal, signal]),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The updates of the run, while they come or again after they came, tool results included. A stream that breaks off
   * rejects with `stream_truncated` and can be taken up by calling this again: nothing is repeated or missing. A run that
   * came to no answer rejects at the end as `wait()` does; one not started with `stream: true` at once (`input_invalid`).
   */
  async *updates({ signal, after }: UpdatesOptions = {}): AsyncGenerator<AgentResponseUpdate, undefined> {
    if (!this.#progress.token.stream) {
      throw new AgentError(
        'input_invalid',
        `The events of run ${this.id} are not kept. Start it with { stream: true }, or use wait() and poll().`,
      );
    }
    let from = after === undefined ? this.sequenceNumber : after;
    for (;;) {
      const streamed = this.id;
      yield* this.#eventsOf(streamed, from, signal);
      from = null;
      await this.#settle(streamed, signal);
      yield* this.#progress.takeToolUpdates(streamed);
      if (this.id === streamed) break;
    }
    const { outcome } = this.#progress;
    if (outcome !== null) deliver(outcome);
  }

  /** Stops the run at the service. It may have ended before; `wait()` tells. */
  async cancel(): Promise<void> {
    let asked: string | null = null;
    this.#progress.ignoreToolCalls();
    // Tools that were running may have led to another response meanwhile.
    while (this.#progress.outcome === null && this.id !== asked) {
      asked = this.id;
      await this.#plan.background.cancel(asked, { signal: new AbortController().signal });
      await this.#progress.look();
    }
  }

  /** What `agent.resumeBackground()` needs, as small JSON. Safe to store: it holds the question, and no key. */
  toJSON(): BackgroundToken {
    return this.#progress.token;
  }

  /** Looks until the run has ended. The signal ends also a look that hangs. */
  async #untilEnd(pollMs: number, signal: AbortSignal): Promise<AgentResponse<Value>> {
    let failures = 0;
    for (let looks = 0; ; looks += 1) {
      signal.throwIfAborted();
      let retryAfterMs = this.#progress.retryAfterMs;
      try {
        await unlessAborted(this.#progress.look(), signal);
        failures = 0;
        retryAfterMs = this.#progress.retryAfterMs;
      } catch (error) {
        failures += 1;
        if (!isPassing(error) || failures >= PASSING_IN_A_ROW) throw error;
        retryAfterMs = error.retryAfterMs ?? null;
      }
      const { outcome } = this.#progress;
      if (outcome !== null) return deliver(outcome);
      await sleep(pollDelayMs(pollMs, looks, retryAfterMs), signal);
    }
  }

  async *#eventsOf(
    responseId: string,
    after: number | null,
    signal = new AbortController().signal,
  ): AsyncGenerator<AgentResponseUpdate> {
    let inCall = false;
    for await (const { sequenceNumber, update } of this.#plan.background.stream(responseId, { after, signal })) {
      // The arguments of a call come in fragments: resumed in their middle, nobody could join them.
      inCall ||= update.contents.some((content) => content.type === 'function_call');
      if (!inCall && this.#progress.outcome === null) this.#progress.delivered(responseId, sequenceNumber);
      update.authorName = this.#plan.name;
      yield update;
    }
  }

  /** The stream has ended: looks until the service says so too, or until it works on the run's next response. */
  async #settle(streamed: string, signal: AbortSignal | undefined): Promise<void> {
    for (let looks = 0; this.#progress.outcome === null && this.id === streamed; looks += 1) {
      await unlessAborted(this.#progress.look(), signal);
      if (this.#progress.outcome !== null || this.id !== streamed) return;
      await sleep(pollDelayMs(0, looks, this.#progress.retryAfterMs), signal);
    }
  }

  #late(timeoutMs: number): AgentError {
    return new AgentError(
      'background_timeout',
      `Run ${this.id} is still ${this.status} after ${timeoutMs} ms. It goes on: wait again, or cancel() it.`,
    );
  }
}

function isPassing(error: unknown): error is AgentError {
  return error instanceof AgentError && PASSING.includes(error.code);
}

function deliver<Value>(outcome: Outcome<Value>): AgentResponse<Value> {
  if ('error' in outcome) throw outcome.error;
  return outcome.response;
}
