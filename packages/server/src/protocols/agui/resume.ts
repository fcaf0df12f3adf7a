// Answers to interrupts: each is a call that waits for approval. https://docs.ag-ui.com/spec/1.0/basic/patterns/interrupt-resume
import { AgentError } from '@turnstream/core';
import { z } from 'zod';
import type { ApprovalAnswer, ApprovalBatch } from '../../store/approvals.ts';
import type { AguiBody } from './request.ts';

type ResumeEntry = AguiBody['resume'][number];

/** What an interrupt asks for. */
export const RESPONSE_SCHEMA = {
  type: 'object',
  properties: { approved: { type: 'boolean' } },
  required: ['approved'],
} as const;

const payload = z.looseObject({ approved: z.boolean(), editedArgs: z.undefined().optional() });

/** A client does not repeat the arguments it was shown: the id of the interrupt names the call. */
export function toAnswers(entries: readonly ResumeEntry[], waiting: ApprovalBatch | null): readonly ApprovalAnswer[] {
  return entries.map((entry) => {
    const call = waiting?.calls.find(({ callId }) => callId === entry.interruptId);
    return { callId: entry.interruptId, arguments: call?.arguments ?? '', approved: isApproved(entry) };
  });
}

/** Throws `input_invalid` for an answer that does not decide, or changes the arguments. */
export function isApproved({ status, payload: given }: ResumeEntry): boolean {
  if (status === 'cancelled') return false;
  const { success, data } = payload.safeParse(given);
  if (success) return data.approved;
  throw new AgentError(
    'input_invalid',
    'A resolved interrupt needs the payload { "approved": true } or { "approved": false }. The arguments cannot be edited.',
  );
}
