// The short requests about background runs: begin one, look at it, approve its calls, stop it.
import type { RunState, TerminalEvent } from '../events/wire.ts';
import type { ApprovalAnswer, PendingApproval } from './approval-answer.ts';
import { ask, type Connection } from './connection.ts';

/** A run as its owner sees it. Times are milliseconds since 1970. */
export interface PublicRun {
  readonly runId: string;
  readonly sessionId: string;
  readonly state: RunState;
  readonly message: string;
  /** The answer as far as there is one; whole when `state` is `completed`. */
  readonly text: string;
  /** The calls it waits with; empty unless `state` is `awaiting_approval`. */
  readonly approvals: readonly PendingApproval[];
  /** When it last asked for approval: from then on its question is in the session. Null for never. */
  readonly askedAtMs: number | null;
  /** Null while it goes on. */
  readonly end: TerminalEvent | null;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}

export interface StartOptions {
  readonly message: string;
  readonly sessionId?: string | undefined;
  readonly callbackUrl?: string | undefined;
  /** Makes asking again find the run instead of beginning another one. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rejects as `ask` does: with the server's code, `connection_failed`, or the signal's reason. */
export async function startRun(connection: Connection, options: StartOptions): Promise<PublicRun> {
  const { idempotencyKey, signal, ...body } = options;
  const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  return runIn(await ask(connection, '/runs', { method: 'POST', body, headers, signal }));
}

export async function getRun(connection: Connection, runId: string): Promise<PublicRun> {
  return runIn(await ask(connection, `/runs/${encodeURIComponent(runId)}`));
}

/**
 * Answers all the calls that a run waits with; it counts once. Rejects with `approval_expired` when the run no longer
 * waits, and with `input_invalid` for other calls or other arguments: then it still does.
 */
export async function answerRun(
  connection: Connection,
  runId: string,
  approvals: readonly ApprovalAnswer[],
): Promise<PublicRun> {
  const path = `/runs/${encodeURIComponent(runId)}/approvals`;
  return runIn(await ask(connection, path, { method: 'POST', body: { approvals } }));
}

/** Asks for the end of the run; `watchRun` tells when it has come. */
export async function cancelRun(connection: Connection, runId: string): Promise<PublicRun> {
  return runIn(await ask(connection, `/runs/${encodeURIComponent(runId)}/cancel`, { method: 'POST' }));
}

async function runIn(response: Response): Promise<PublicRun> {
  return (await response.json()) as PublicRun;
}
