// One run without a connection: started, looked at, streamed, resumed elsewhere, and delivered once.

import { AgentError } from '../errors.ts';
import { leavable } from '../leavable.ts';
import type { Message } from '../message/message.ts';
import type { AgentResponse } from '../message/response.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import type { BackgroundStatus } from '../model/background-client.ts';
import type { Outcome } from '../run/answer.ts';
import { MAX_TIMER_MS, unlessAborted } from '../timers.ts';
import { readOn, readWhole } from './events.ts';
import { follow } from './follow.ts';
import { pollUntil } from './polling.ts';
import type { BackgroundPlan, BackgroundProgress } from './progress.ts';
import type { BackgroundToken } from './token.ts';

/** Options of `wait()`. */
export interface WaitOptions {
  /** Ends the waiting, not the run, with its own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest to wait, in milliseconds: `background_timeout`. The run goes on at the service. */
  readonly timeoutMs?: number | undefined;
  /** First pause between two polls, in milliseconds: 1,000 when left out, never under 250. Pauses grow up to 10 seconds. */
  readonly pollMs?: number | undefined;
}

/** Options of `follow()`. */
export interface FollowOptions extends WaitOptions {
  /**
   * Takes each update once, as the service streams it; the next one is read when its promise has resolved. A run that was
   * not started with `stream: true`, or that the service no longer streams, is only polled.
   */
  readonly onUpdate?: ((update: AgentResponseUpdate) => void | Promise<void>) | undefined;
  /** Called after each poll that found the run still going: the moment to store `toJSON()`. */
  readonly onPoll?: (() => void | Promise<void>) | undefined;
  /**
   * In place of the pause between two polls: resolves when the run may have changed, such as by a webhook, and after
   * `timeoutMs` at the latest.
   */
  readonly news?: ((timeoutMs: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Options of `updates()`. */
export interface UpdatesOptions {
  /** Ends the stream, not the run, with its own reason. */
  readonly signal?: AbortSignal | undefined;
  /** The event to go on after; null for all of them. Left out: after what was delivered already, here or before. */
  readonly after?: number | null | undefined;
}

/**
 * A run that the service works on while nobody is connected.
 *
 * `toJSON()` is all that another process needs for `agent.resumeBackground()`. The turn is remembered when the run is
 * seen to have ended, once, with its question. Leaving a stream of updates leaves the run alone; `cancel()` stops it.
 *
 * @example
 * ```ts source="../../../samples/src/examples.ts#writeReport"
 * export async function writeReport(agent: Agent, topic: string, save: (token: string) => void): Promise<string> {
 *   const run = await agent.runInBackground(`Write a report on ${topic}.`);
 *   save(JSON.stringify(run)); // another process continues with agent.resumeBackground(JSON.parse(token))
 *   const { text } = await run.wait({ timeoutMs: 60_000 });
 *   return text;
 * }
 * ```
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

  /** The result of the last poll. `completed` is final only after `wait()` has resolved or `poll()` has returned it. */
  get status(): BackgroundStatus {
    return this.#progress.status;
  }

  /** The last event that was delivered and can be resumed after; null when there is none. */
  get sequenceNumber(): number | null {
    return this.#progress.token.sequenceNumber;
  }

  /** What earlier responses of the run wrote, tool calls and their results. The response in progress is not among them. */
  get messages(): readonly Message[] {
    return this.#progress.token.rounds;
  }

  /** How long the service asked to wait before the next poll, in milliseconds; null if it did not say. */
  get retryAfterMs(): number | null {
    return this.#progress.retryAfterMs;
  }

  /**
   * Polls once. If the response requested tools, runs them, and the run is `queued` again. Rejects if the poll fails,
   * and with the signal's reason, which ends the waiting but not the poll.
   */
  async poll({ signal }: Pick<WaitOptions, 'signal'> = {}): Promise<BackgroundStatus> {
    await unlessAborted(this.#progress.look(), signal);
    return this.status;
  }

  /**
   * Waits for the end. Resolves for `completed`, `incomplete` and `cancelled`, which the response's status tells apart;
   * rejects with `response_failed` (and the service's own code), `background_expired` or `background_timeout`, and when
   * five polls in a row fail.
   */
  wait(options: WaitOptions = {}): Promise<AgentResponse<Value>> {
    return this.follow(options);
  }

  /**
   * Waits as `wait()` does and reports progress in the meantime. It resumes a stream that breaks off and polls a run
   * that falls silent. An error from a callback ends the following, not the run.
   */
  async follow({ signal, timeoutMs, onUpdate, ...polling }: FollowOptions = {}): Promise<AgentResponse<Value>> {
    const late = new AbortController();
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => late.abort(this.#late(timeoutMs)), Math.min(timeoutMs, MAX_TIMER_MS));
    const either = AbortSignal.any(signal === undefined ? [late.signal] : [late.signal, signal]);
    const progress = this.#progress;
    try {
      if (onUpdate === undefined || !progress.token.stream) {
        await pollUntil(() => progress.outcome !== null, progress, { ...polling, signal: either });
      } else {
        const read = readOn(this.#plan, progress, either);
        for await (const update of follow(progress, read, { ...polling, signal: either })) await onUpdate(update);
      }
      return deliver(progress.outcome);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The updates of the run, live or replayed, including tool results. A stream that breaks off rejects with
   * `stream_truncated`; call this again to resume it, with nothing repeated and nothing missing. A run that ended
   * without an answer rejects at the end as `wait()` does. A run that was not started with `stream: true` rejects at
   * once with `input_invalid`.
   */
  updates({ signal, after }: UpdatesOptions = {}): AsyncGenerator<AgentResponseUpdate, undefined> {
    const leaving = new AbortController();
    const either = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
    return leavable(this.#updates(after, either), () => leaving.abort());
  }

  /** Stops the run at the service and aborts the tools that run here. The run may already have ended: `wait()` says how. */
  async cancel(): Promise<void> {
    let asked: string | null = null;
    this.#progress.stopTools();
    // Tools that have just ended may lead to another response meanwhile.
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

  async *#updates(
    after: number | null | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<AgentResponseUpdate, undefined> {
    if (!this.#progress.token.stream) {
      throw new AgentError(
        'input_invalid',
        `The events of run ${this.id} are not kept. Start it with { stream: true }, or use wait() and poll().`,
      );
    }
    const from = after === undefined ? this.sequenceNumber : after;
    const read = readWhole(this.#plan, this.#progress, { after: from, signal });
    yield* follow(this.#progress, read, { signal, pollMs: 0 });
    deliver(this.#progress.outcome);
  }

  #late(timeoutMs: number): AgentError {
    return new AgentError(
      'background_timeout',
      `Run ${this.id} is still ${this.status} after ${timeoutMs} ms. It continues: wait again, or cancel() it.`,
    );
  }
}

/** Only for a run that has ended. */
function deliver<Value>(outcome: Outcome<Value> | null): AgentResponse<Value> {
  if (outcome === null || 'error' in outcome) throw outcome?.error;
  return outcome.response;
}
