// The work of a background run, as a database delivers it: from any point on, in any process, as often as it takes.
import type { Agent, HistoryProvider } from '@turnstream/core';
import type { ServerStore } from '../store/run-store.ts';
import type { Work } from '../store/workers.ts';
import { RunJob } from './run-job.ts';

/** Where a worker notes what it did; pino's loggers are such. Only ids, codes and counts are noted. */
export interface WorkLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface WorkOptions {
  readonly store: ServerStore;
  /** Makes the agent of one run, which is to keep its conversation in the history it is given. */
  readonly agent: (history: HistoryProvider) => Agent;
  /** A run fails after this many attempts in a row without progress: 5 when left out. */
  readonly maxAttempts?: number | undefined;
  /**
   * Longest from the run's creation, or the last answer to its approvals, to its end, in milliseconds, one hour when left
   * out: `background_timeout`.
   */
  readonly maxRunMs?: number | undefined;
  /** How long calls may wait for approval, in milliseconds. */
  readonly approvalMs: number;
  /** First interval between polls of a run that is not streamed, in milliseconds: 1,000 when left out. */
  readonly pollMs?: number | undefined;
  readonly log: WorkLog;
}

/**
 * Carries out runs. At most one extra model call is made for each crash, when it hits between the service's acceptance of
 * a response and the write of its id. Tools run again when it hits between their start and that write. Approved calls do not:
 * a run that is interrupted there, by a crash or a service that refuses, fails, because its approval counts once.
 */
export function runWork(options: WorkOptions): Work {
  return async (job) => {
    const claimed = await options.store.runs.claim(job.runId);
    return claimed === null ? null : new RunJob(options, job, claimed).work();
  };
}
