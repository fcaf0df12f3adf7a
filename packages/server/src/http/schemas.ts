// Shapes that several routes answer with.
import type { Usage } from '@turnstream/core';
import { z } from 'zod';
import type { RunRecord } from '../store/run-store.ts';

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

export const run = z.object({
  runId: z.string(),
  sessionId: z.string(),
  state: z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']),
  message: z.string(),
  text: z.string(),
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
  end,
  createdAtMs,
  endedAtMs,
}: RunRecord): z.infer<typeof run> {
  return { runId, sessionId, state, message, text, end: end === null ? null : { ...end }, createdAtMs, endedAtMs };
}
