// Delivers the jobs of one kind: a few at a time, shared fairly between owners, each retried until it is done.
import { AgentError } from '@turnstream/core';
import { backoffMs } from '@turnstream/core/seams';
import type { Changes } from './changes.ts';
import type { JobKind } from './database.ts';
import type { Work, Workers } from './workers.ts';

/** A job that this process has taken. */
export interface TakenJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly runId: string;
  /** '' for a run that has been deleted. */
  readonly ownerKey: string;
  readonly attempt: number;
}

/** Where jobs wait. One that was taken and not settled, because the process died, is there for another `take`. */
export interface JobQueue {
  /** Takes the job that has been due the longest, skipping the owners passed over; null when none is due. */
  take(kind: JobKind, passedOver: readonly string[]): Promise<TakenJob | null>;
  /** How long until another look is worth it, unless a job is pushed before, in milliseconds. */
  nextLookMs(kind: JobKind, passedOver: readonly string[]): Promise<number>;
  /** Removes the job, or makes it due again after a time. */
  settle(job: TakenJob, againInMs: number | null): Promise<void>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;

/** Where pushed jobs are announced. */
export function jobsOf(kind: JobKind): string {
  return `jobs: ${kind}`;
}

/** Delivers both kinds until disposed. */
export function deliverJobs(queue: JobQueue, changes: Changes, workers: Workers): AsyncDisposable {
  const loops = (['run', 'callback'] as const).map((kind) => new JobLoop(queue, changes, kind, workers));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

class JobLoop {
  readonly #queue: JobQueue;
  readonly #kind: JobKind;
  readonly #work: Work;
  readonly #concurrency: number;
  /** The deliveries under way, each with its owner. */
  readonly #underWay = new Map<Promise<void>, string>();
  /** Owners who have had their turn in this round. */
  readonly #served = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #unlisten: () => void;
  readonly #running: Promise<void>;
  #wake: () => void = () => {};

  constructor(queue: JobQueue, changes: Changes, kind: JobKind, workers: Workers) {
    this.#queue = queue;
    this.#kind = kind;
    this.#work = workers[kind];
    const { concurrency, callbackConcurrency = concurrency } = workers;
    this.#concurrency = kind === 'run' ? concurrency : callbackConcurrency;
    this.#unlisten = changes.listen(jobsOf(kind), () => this.#wake());
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(
      new AgentError('server_stopping', 'The server is stopping; its jobs continue when it is back.'),
    );
    this.#wake();
    await this.#running;
    await Promise.all(this.#underWay.keys());
    this.#unlisten();
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      // From before the look on, so that a job which is pushed meanwhile leads to another look.
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const pauseMs = await this.#poll().catch(() => FIRST_PAUSE_MS);
      const timer = Number.isFinite(pauseMs) ? setTimeout(resolve, Math.min(pauseMs, LONGEST_PAUSE_MS)) : undefined;
      if (!this.#stopping.signal.aborted) await woken;
      clearTimeout(timer);
    }
  }

  /** Starts what is due, and says when to look again. */
  async #poll(): Promise<number> {
    while (!this.#stopping.signal.aborted) {
      // A job that ends wakes the loop.
      if (this.#free === 0) return Number.POSITIVE_INFINITY;
      const full = this.#full();
      const job = await this.#next(full);
      if (job === null) return this.#queue.nextLookMs(this.#kind, full);
      this.#start(job);
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes a job of an owner who has not had a turn in this round; if there is none, starts a new round. */
  async #next(full: readonly string[]): Promise<TakenJob | null> {
    const job = await this.#queue.take(this.#kind, [...new Set([...this.#served, ...full])]);
    if (job !== null || this.#served.size === 0) return job;
    this.#served.clear();
    return this.#queue.take(this.#kind, full);
  }

  #start(job: TakenJob): void {
    const delivery = this.#deliver(job).finally(() => {
      this.#underWay.delete(delivery);
      this.#wake();
    });
    this.#underWay.set(delivery, job.ownerKey);
    this.#served.add(job.ownerKey);
  }

  get #free(): number {
    return this.#concurrency - this.#underWay.size;
  }

  /**
   * Owners who get no more jobs for now: they already have as many under way as there are free slots. So a single owner
   * can take half of the slots and the next owner still finds one, however long those jobs take.
   */
  #full(): readonly string[] {
    const held = Map.groupBy(this.#underWay.values(), (ownerKey) => ownerKey);
    return [...held].filter(([, own]) => own.length >= this.#free).map(([ownerKey]) => ownerKey);
  }

  async #deliver(job: TakenJob): Promise<void> {
    const againInMs = await this.#againInMs(job);
    // When the database does not answer now, it has the job as taken, and delivers it again.
    await this.#queue.settle(job, againInMs).catch(() => {});
  }

  async #againInMs({ runId, attempt }: TakenJob): Promise<number | null> {
    const { signal } = this.#stopping;
    try {
      return await this.#work({ runId, attempt, signal });
    } catch {
      return signal.aborted ? 0 : backoffMs(attempt - 1, { firstMs: FIRST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS });
    }
  }
}
