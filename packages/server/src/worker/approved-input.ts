// What a run starts with: its question, or the decisions about the calls that it waited with.
import { AgentError, type AgentSession, type HistoryProvider, type Message } from '@turnstream/core';
import { pendingCalls } from '@turnstream/core/seams';
import { UNAPPROVED } from '../store/run-ends.ts';
import type { RunRecord } from '../store/run-record.ts';
import { toMessage } from '../turn/approvals.ts';

/** Rejects with `approval_expired` when another turn has been added to the session since the calls were approved. */
export async function inputOf(
  { runId, message, ask, answers }: RunRecord,
  session: AgentSession,
  history: HistoryProvider,
): Promise<string | readonly Message[]> {
  if (answers === null) return ask === null ? message : withId(ask.input, runId);
  const waiting = new Set(pendingCalls((await history.load(session)).messages).map(({ callId }) => callId));
  if (answers.every(({ callId }) => waiting.has(callId))) return answers.map(toMessage);
  throw new AgentError('approval_expired', UNAPPROVED.superseded);
}

function withId(input: readonly Message[], messageId: string): readonly Message[] {
  return input.map((message, index) => (index === input.length - 1 ? { ...message, messageId } : message));
}
