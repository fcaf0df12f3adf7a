// Watches a run from outside while it is followed: for a cancel, in whatever process that was requested, for its being
// forgotten, and for its deadline. Each ends the following with a reason of its own.
import { AgentError } from '@turnstream/core';
import { MAX_TIMER_MS, sleep } from '@turnstream/core/seams';
import type { RunRecord } from '../store/run-record.ts';
import { ClaimLost, type RunStore } from '../store/run-store.ts';

/** Shortest gap between two looks, so that a run with many events is not looked at for each of them. */
const PAUSE_MS = 250;
/** Longest gap between two looks without news. */
const NEWS_MS = 750;

/** The reason of a run whose end was asked for. */
export class CancelRequested extends Error {
  override readonly name = 'CancelRequested';
}

export class RunWatchdog implements AsyncDisposable {
  /** Aborted by the job with its own reason, or with `CancelRequested`, `ClaimLost` or `background_timeout`. */
  readonly signal: AbortSignal;
  readonly #runs: RunStore;
  readonly #run: RunRecord;
  readonly #interrupt = new AbortController();
  readonly #closing = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #watching: Promise<void>;

  constructor(runs: RunStore, run: RunRecord, options: { readonly signal: AbortSignal; readonly maxRunMs: number }) {
    this.#runs = runs;
    this.#run = run;
    this.signal = AbortSignal.any([options.signal, this.#interrupt.signal]);
    const leftMs = Math.min(
      Math.max((run.answeredAtMs ?? run.createdAtMs) + options.maxRunMs - Date.now(), 0),
      MAX_TIMER_MS,
    );
    this.#timer = setTimeout(() => this.#interrupt.abort(tooLate(run.runId, options.maxRunMs)), leftMs);
    this.#watching = this.#watch(this.#closing.signal);
  }

  /** Looks now. Rejects when the database does not answer. */
  async look(): Promise<void> {
    const run = await this.#runs.look(this.#run.runId, { owner: this.#run.owner });
    if (run === null) this.#interrupt.abort(new ClaimLost(`Run ${this.#run.runId} is gone.`));
    else if (run.isCancelRequested) this.#interrupt.abort(new CancelRequested());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Rejects when the database is away or the watch is over. The worker's own writes meet what is wrong.
      await this.#newsAndLook(signal).catch(() => {});
      // Also after a failure, or a database that refuses at once would be asked without a break.
      await sleep(PAUSE_MS, signal).catch(() => {});
    }
  }

  async #newsAndLook(signal: AbortSignal): Promise<void> {
    const news = this.#runs.changed(this.#run.runId, { timeoutMs: NEWS_MS, signal });
    await Promise.all([news, this.look()]);
  }
}

function tooLate(runId: string, maxRunMs: number): AgentError {
  return new AgentError(
    'background_timeout',
    `Run ${runId} did not end within ${maxRunMs} ms and was given up. Ask for less at once, or raise maxRunMs.`,
  );
}
