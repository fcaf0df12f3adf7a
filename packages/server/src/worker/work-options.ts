// What the work of background runs is given.
import type { Agent, HistoryProvider } from '@turnstream/core';
import type { ServerStore } from '../store/run-store.ts';

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
