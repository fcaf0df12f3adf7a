// What somebody is asked about a call, and what they answer.
import type { ApprovalEvent } from '../events/wire.ts';

/** A call that waits for approval, from an `approval` event, a run or a session. */
export type PendingApproval = Omit<ApprovalEvent, 'type'>;

/** What somebody decided about a call. */
export interface ApprovalAnswer {
  readonly callId: string;
  /** As they were shown: the server compares them. */
  readonly arguments: string;
  readonly approved: boolean;
}

/** The decision about a call, with the arguments that were shown. */
export function answerTo({ callId, arguments: args }: PendingApproval, approved: boolean): ApprovalAnswer {
  return { callId, arguments: args, approved };
}
