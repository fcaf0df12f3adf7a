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
  /** What a worker takes the run up from; null until the model's service has it. */
  readonly token: BackgroundToken | null;
  readonly isCancelRequested: boolean;
  /** The calls it waits with; null unless `state` is `awaiting_approval`. */
  readonly approvals: ApprovalBatch | null;
  /** What it continues with, when it has no token yet. Empty when a worker has used the consent; null when none was given. */
  readonly answers: readonly AnsweredCall[] | null;
  /** When it last asked for approval. From then on its question and what followed are in the history; null for never. */
  readonly askedAtMs: number | null;
  readonly answeredAtMs: number | null;
  /** Where to report the end; null for nowhere. */
  readonly callbackUrl: string | null;
  /** The answer as far as it was delivered; whole once `state` is `completed`. */
  readonly text: string;
  /** The run's last event; null while it goes on. */
  readonly end: TerminalEvent | null;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}
