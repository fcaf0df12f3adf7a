// A background run as the server keeps it.
import type { BackgroundToken } from '@turnstream/core';
import type { RunState, TerminalEvent } from '../events/wire.ts';
import type { AnsweredCall, ApprovalBatch } from './approvals.ts';
import type { RunAsk } from './new-run.ts';

/** One background run. Times are milliseconds since 1970. */
export interface RunRecord {
  readonly runId: string;
  readonly owner: string;
  readonly sessionId: string;
  readonly state: RunState;
  readonly message: string;
  /** Null for a run of its message alone. */
  readonly ask: RunAsk | null;
  /** Where a worker resumes the run; null until the model's service has accepted it. */
  readonly token: BackgroundToken | null;
  readonly isCancelRequested: boolean;
  /** The calls that wait for approval; null unless `state` is `awaiting_approval`. */
  readonly approvals: ApprovalBatch | null;
  /** The answers to continue with while there is no token. Empty once a worker has used them; null when none were given. */
  readonly answers: readonly AnsweredCall[] | null;
  /** When it last asked for approval. From then on its question and what followed are in the history; null for never. */
  readonly askedAtMs: number | null;
  readonly answeredAtMs: number | null;
  /** The callback URL that is notified of the end; null for none. */
  readonly callbackUrl: string | null;
  /** The answer as far as it was delivered; whole once `state` is `completed`. */
  readonly text: string;
  /** The run's last event; null while it goes on. */
  readonly end: TerminalEvent | null;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}
