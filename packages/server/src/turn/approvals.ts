// The calls that wait for approval: found in a chat's turn, and answered in the next one.
import { approve, type Message, reject, type Tool } from '@turnstream/core';
import { pendingCalls } from '@turnstream/core/seams';
import { ReaderMistake } from '../events/error-event.ts';
import type { AnsweredCall, ApprovalBatch } from '../store/approvals.ts';

/** Null for a turn that waits for nothing, and for one that was interrupted: its calls may be cut short. */
export function approvalsOf(
  turn: readonly Message[],
  tools: readonly Tool[],
  approvalMs: number,
): ApprovalBatch | null {
  const last = turn.at(-1);
  if (last?.role !== 'assistant' || last.status !== undefined) return null;
  const guarded = new Set(tools.filter(({ approval }) => approval === 'always').map(({ name }) => name));
  const calls = pendingCalls(turn)
    .filter(({ name }) => guarded.has(name))
    .map(({ callId, name, arguments: args }) => ({ callId, name, arguments: args }));
  return calls.length === 0 ? null : { calls, expiresAtMs: Date.now() + approvalMs };
}

/** A decision as core takes it. */
export function toMessage(call: AnsweredCall): Message {
  return call.approved ? approve(call) : reject(call);
}

/** For a chat without a session: there is nothing that an approval could be given to. */
export function nothingToApprove(): ReaderMistake {
  return new ReaderMistake(
    'input_invalid',
    'The model called a tool that needs approval, and only a session can wait for one. Leave history out, or send a sessionId.',
  );
}

/** For a protocol that cannot ask. */
export function cannotApprove(): ReaderMistake {
  return new ReaderMistake(
    'input_invalid',
    'The model called a tool that needs approval, which cannot be given here. Use POST /chat of this server.',
  );
}
