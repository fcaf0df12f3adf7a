// Shapes that several routes answer with.
import type { ApprovalRequest, Usage } from '@turnstream/core';
import { z } from 'zod';
import type { ApprovalBatch } from '../store/approvals.ts';
import type { RunRecord } from '../store/run-record.ts';

const problem = z.object({
  error: z.object({ code: z.string(), message: z.string(), requestId: z.string() }),
});

/** What any route may answer instead. */
export const problems = { '4xx': problem, '5xx': problem };

/** Tokens, with the same members as in a `done` event. */
export const usage: z.ZodType<Usage> = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  totalTokens: z.number(),
  cachedInputTokens: z.number().exactOptional(),
  reasoningTokens: z.number().exactOptional(),
});

/** A call that waits for approval, as in an `approval` event. */
export const approval: z.ZodType<ApprovalRequest & { readonly expiresAtMs: number }> = z.object({
  callId: z.string(),
  name: z.string(),
  arguments: z.string(),
  expiresAtMs: z.number(),
});

export function toPublicApprovals(batch: ApprovalBatch | null): z.infer<typeof approval>[] {
  if (batch === null) return [];
  const { calls, expiresAtMs } = batch;
  return calls.map(({ callId, name, arguments: args }) => ({ callId, name, arguments: args, expiresAtMs }));
}

export const run = z.object({
  runId: z.string(),
  sessionId: z.string(),
  state: z.enum(['queued', 'in_progress', 'awaiting_approval', 'completed', 'incomplete', 'failed', 'cancelled']),
  message: z.string(),
  text: z.string(),
  approvals: z.array(approval),
  askedAtMs: z.number().nullable(),
  end: z.looseObject({ type: z.enum(['done', 'error']) }).nullable(),
  createdAtMs: z.number(),
  endedAtMs: z.number().nullable(),
});

/** What its owner sees of a run. */
export function toPublicRun({
  runId,
  sessionId,
  state,
  message,
  text,
  approvals,
  askedAtMs,
  end,
  createdAtMs,
  endedAtMs,
}: RunRecord): z.infer<typeof run> {
  return {
    runId,
    sessionId,
    state,
    message,
    text,
    approvals: toPublicApprovals(approvals),
    askedAtMs,
    end: end === null ? null : { ...end },
    createdAtMs,
    endedAtMs,
  };
}
