// The jobs of a store and the workers that do them.

/** One attempt to carry out a background run or a callback. */
export interface Job {
  readonly runId: string;
  /** From 1 on. */
  readonly attempt: number;
  /** Aborted when the jobs are stopped, with `server_stopping`. */
  readonly signal: AbortSignal;
}

/**
 * What is done with a job: null when it is done, or the delay before its next delivery, in milliseconds. A
 * worker that rejects or dies gets it again too, after a pause that grows.
 */
export type Work = (job: Job) => Promise<number | null>;

/** What this process does with jobs, and how many at once. */
export interface Workers {
  readonly run: Work;
  readonly callback: Work;
  /** Most jobs of each kind at once in this process. */
  readonly concurrency: number;
  /** The number for callbacks, if different. */
  readonly callbackConcurrency?: number | undefined;
}
