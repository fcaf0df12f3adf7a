// Tasks that were answered at once. Each is a turn of its session, found by the task's id in the question; turns that
// continue it after an approval have no question.
import { answerText, type Message, textOf } from '@turnstream/core';
import { pendingCalls } from '@turnstream/core/seams';
import type { ApprovalBatch } from '../../store/approvals.ts';
import type { ServerContext } from '../../turn/context.ts';
import { asks, inWords, type Outcome } from './outcome.ts';
import type { TaskHead } from './task-view.ts';

const ID = /^task_[0-9a-f]{32}_([A-Za-z0-9_-]{1,128})$/;

export function newTaskId(sessionId: string): string {
  return `task_${crypto.randomUUID().replaceAll('-', '')}_${sessionId}`;
}

export interface StoredTask {
  readonly head: TaskHead;
  readonly messages: readonly Message[];
  readonly text: string;
  readonly outcome: Outcome;
  /** The calls that it waits with; null when it does not. */
  readonly waiting: ApprovalBatch | null;
}

/** Null when the owner has no such task. */
export async function storedTask({ store }: ServerContext, owner: string, id: string): Promise<StoredTask | null> {
  const [, contextId] = ID.exec(id) ?? [];
  if (contextId === undefined) return null;
  const session = await store.sessions.open(contextId, { owner });
  if (session === null) return null;
  const { turns } = await store.history.load(session);
  const asked = turns.flat().find(({ messageId }) => messageId === id);
  if (asked === undefined) return null;
  const first = turns.findIndex((turn) => turn.includes(asked));
  const next = turns.findIndex((turn, index) => index > first && turn.some(({ role }) => role === 'user'));
  const messages = turns.slice(first, next === -1 ? turns.length : next).flat();
  const waiting = next === -1 ? await store.runs.approvals(contextId, { owner }) : null;
  return {
    head: { id, contextId, question: textOf(asked) },
    messages,
    text: answerText(messages),
    outcome: waiting === null ? endOf(messages) : asks(waiting),
    waiting,
  };
}

function endOf(messages: readonly Message[]): Outcome {
  const status = messages.at(-1)?.status;
  if (status === 'cancelled') return { state: 'TASK_STATE_CANCELED' };
  const isWaiting = pendingCalls(messages).length > 0;
  if (status === undefined && !isWaiting) return { state: 'TASK_STATE_COMPLETED' };
  const reason = isWaiting ? 'Its calls were not approved.' : 'The answer is not complete.';
  return { state: 'TASK_STATE_FAILED', says: inWords(`${reason} Send the message again, as a new task.`) };
}
