// The short requests about background runs: begin one, look at it, approve its calls, stop it.
import type { RunState, TerminalEvent } from '../events/wire.ts';
import type { ApprovalAnswer, PendingApproval } from './approval-answer.ts';
import { ask, type Connection } from './connection.ts';

/** A background run. Times are milliseconds since 1970. */
export interface PublicRun {
  readonly runId: string;
  readonly sessionId: string;
  readonly state: RunState;
  readonly message: string;
  /** The answer so far; complete when `state` is `completed`. */
  readonly text: string;
  /** The calls that wait for approval; empty unless `state` is `awaiting_approval`. */
  readonly approvals: readonly PendingApproval[];
  /** When it last asked for approval; from then on its question is part of the session. Null if it never did. */
  readonly askedAtMs: number | null;
  /** Null while it is in progress. */
  readonly end: TerminalEvent | null;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}

/** Options of `startRun`. */
export interface StartOptions {
  readonly message: string;
  readonly sessionId?: string | undefined;
  readonly callbackUrl?: string | undefined;
  /** With the same key, a repeated request returns the same run instead of starting another one. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rejects as `ask` does: with the server's code, `connection_failed`, or the signal's reason. */
export async function startRun(connection: Connection, options: StartOptions): Promise<PublicRun> {
  const { idempotencyKey, signal, ...body } = options;
  const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  return runIn(await ask(connection, '/runs', { method: 'POST', body, headers, signal }));
}

/** The state of a background run. Rejects as `ask` does, with `not_found` for a run of somebody else. */
export async function getRun(connection: Connection, runId: string): Promise<PublicRun> {
  return runIn(await ask(connection, `/runs/${encodeURIComponent(runId)}`));
}

/**
 * Answers all calls that wait for approval; the answer counts once. Rejects with `approval_expired` if the run no
 * longer waits, and with `input_invalid` for different calls or arguments, in which case it keeps waiting.
 */
export async function answerRun(
  connection: Connection,
  runId: string,
  approvals: readonly ApprovalAnswer[],
): Promise<PublicRun> {
  const path = `/runs/${encodeURIComponent(runId)}/approvals`;
  return runIn(await ask(connection, path, { method: 'POST', body: { approvals } }));
}

/** Requests the cancellation of the run; `watchRun` reports when it has ended. */
export async function cancelRun(connection: Connection, runId: string): Promise<PublicRun> {
  return runIn(await ask(connection, `/runs/${encodeURIComponent(runId)}/cancel`, { method: 'POST' }));
}

async function runIn(response: Response): Promise<PublicRun> {
  return (await response.json()) as PublicRun;
}
