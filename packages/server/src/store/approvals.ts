// Calls that wait for approval, and the decisions about them.
import type { ApprovalRequest } from '@turnstream/core';

/** The calls of one model answer that wait for approval, all to be answered at once. */
export interface ApprovalBatch {
  readonly calls: readonly ApprovalRequest[];
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** What somebody decided about a call, with the arguments they were shown. */
export interface ApprovalAnswer {
  readonly callId: string;
  readonly arguments: string;
  readonly approved: boolean;
}

/** A call with the decision about it. */
export interface AnsweredCall extends ApprovalRequest {
  readonly approved: boolean;
}
