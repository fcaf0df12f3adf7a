// Shapes that several routes answer with.
import { z } from 'zod';
import type { RunRecord } from '../store/run-store.ts';

const problem = z.object({
  error: z.object({ code: z.string(), message: z.string(), requestId: z.string() }),
});

/** What any route may answer instead. */
export const problems = { '4xx': problem, '5xx': problem };

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
