// The calls of a session that wait for approval, stored in one row, and the checks of an answer to them.
import { AgentError } from '@turnstream/core';
import { quotedId } from '@turnstream/core/seams';
import type { AnsweredCall, ApprovalAnswer, ApprovalBatch } from './approvals.ts';
import type { RunSql } from './database.ts';

/** A row without its keys. */
export interface BatchRow {
  /** JSON. */
  readonly calls: string;
  readonly expires_at_ms: number | bigint | string;
}

export function decodeBatch({ calls, expires_at_ms: expiresAtMs }: BatchRow): ApprovalBatch {
  return { calls: JSON.parse(calls) as ApprovalBatch['calls'], expiresAtMs: Number(expiresAtMs) };
}

export async function insertBatch(
  run: RunSql,
  approvals: string,
  {
    sessionKey,
    ownerKey,
    runId,
  }: { readonly sessionKey: string; readonly ownerKey: string; readonly runId: string | null },
  { calls, expiresAtMs }: ApprovalBatch,
): Promise<void> {
  await run(
    `INSERT INTO ${approvals} (session_key, owner_key, run_id, calls, expires_at_ms) VALUES ($1, $2, $3, $4, $5)`,
    [sessionKey, ownerKey, runId, JSON.stringify(calls), expiresAtMs],
  );
}

/** The calls that each of these runs waits for, by run id. */
export async function batchesOf(
  run: RunSql,
  approvals: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, ApprovalBatch>> {
  if (runIds.length === 0) return new Map();
  const rows = (await run(
    `SELECT run_id, calls, expires_at_ms FROM ${approvals}
     WHERE run_id IN (${runIds.map((_, index) => `$${index + 1}`).join(', ')})`,
    runIds,
  )) as readonly (BatchRow & { run_id: string })[];
  return new Map(rows.map((row) => [row.run_id, decodeBatch(row)]));
}

/**
 * The calls with the decisions about them. Throws `approval_expired` when no call is waiting or its time is over, and
 * `input_invalid` unless every call is answered once, with the arguments that were shown.
 */
export function answerBatch(row: BatchRow | undefined, answers: readonly ApprovalAnswer[]): readonly AnsweredCall[] {
  const batch = row === undefined ? null : decodeBatch(row);
  if (batch === null || batch.expiresAtMs <= Date.now()) {
    throw new AgentError(
      'approval_expired',
      'No call is waiting for this approval any more: it was answered, it expired, or the conversation has moved on.',
    );
  }
  const stray = answers.find(({ callId }) => batch.calls.every((call) => call.callId !== callId));
  if (stray !== undefined) throw invalid(`No call ${quotedId(stray.callId)} is waiting for approval here.`);
  return batch.calls.map((call) => {
    const [answer, second] = answers.filter(({ callId }) => callId === call.callId);
    const id = quotedId(call.callId);
    if (answer === undefined) throw invalid(`Call ${id} of the same batch has no answer. Approve or reject it too.`);
    if (second !== undefined) throw invalid(`Call ${id} has two answers. Send one.`);
    if (answer.arguments !== call.arguments)
      throw invalid(`The arguments of call ${id} are not the ones that were shown. Send them back unchanged.`);
    return { ...call, approved: answer.approved };
  });
}

function invalid(message: string): AgentError {
  return new AgentError('input_invalid', message);
}
