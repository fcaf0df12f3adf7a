// What became of a task, in A2A's states: for an answer, a failure, calls that wait for approval, and a background run.
import type { AgentResponse } from '@turnstream/core';
import type { DoneEvent, ErrorEvent } from '../../events/wire.ts';
import type { ApprovalBatch } from '../../store/approvals.ts';
import type { RunRecord } from '../../store/run-record.ts';
import type { Metadata, Part, TaskState } from './wire.ts';

export interface Outcome {
  readonly state: TaskState;
  /** The message of the status: what to do, or what went wrong. Its key makes its id unique in the task. */
  readonly says?: { readonly key: string; readonly parts: readonly Part[] };
  readonly metadata?: Metadata;
}

export const WORKING: Outcome = { state: 'TASK_STATE_WORKING' };

/** An answer that is cut short is not a completed task. Its text stays in the artifact. */
export function answered({
  status,
  finishReason,
  usage,
}: Pick<AgentResponse<unknown> | DoneEvent, 'finishReason' | 'status' | 'usage'>): Outcome {
  const metadata = { finishReason, usage };
  if (status === 'cancelled') return { state: 'TASK_STATE_CANCELED', metadata };
  if (status !== 'incomplete') return { state: 'TASK_STATE_COMPLETED', metadata };
  return { state: 'TASK_STATE_FAILED', says: inWords('The answer is incomplete: the model stopped early.'), metadata };
}

export function failed({ code, message, retryable, retryAfterMs }: ErrorEvent): Outcome {
  return {
    state: 'TASK_STATE_FAILED',
    says: inWords(message),
    metadata: { error: { code, retryable, retryAfterMs } },
  };
}

/** The calls, with everything that the answer has to repeat. */
export function asks({ calls, expiresAtMs }: ApprovalBatch): Outcome {
  const approvals = calls.map(({ callId, name, arguments: args }) => ({ callId, name, arguments: args, expiresAtMs }));
  const text =
    'The agent asks before it makes these calls. Approve or reject each: send a message to this task whose only part is ' +
    'data of the form {"approvals":[{"callId","arguments","approved"}]}, with the arguments as they are here.';
  return {
    state: 'TASK_STATE_INPUT_REQUIRED',
    says: {
      key: `approval-${calls[0]?.callId ?? ''}`,
      parts: [{ text }, { data: { approvals }, mediaType: 'application/json' }],
    },
  };
}

export function outcomeOf({ state, end, approvals }: RunRecord): Outcome {
  if (end?.type === 'error') return failed(end);
  if (end !== null) return answered(end);
  if (approvals !== null) return asks(approvals);
  return state === 'queued' ? { state: 'TASK_STATE_SUBMITTED' } : WORKING;
}

export function inWords(text: string): NonNullable<Outcome['says']> {
  return { key: 'end', parts: [{ text }] };
}
