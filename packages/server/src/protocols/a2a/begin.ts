// What a message that is sent begins: a turn that is answered at once, or a background run; or it continues one of them.
import { AgentError } from '@turnstream/core';
import type { RunRecord } from '../../store/run-record.ts';
import type { TurnBody } from '../../turn/request.ts';
import { type FoundTask, findTask, type TaskPlaces } from './find-task.ts';
import { WORKING } from './outcome.ts';
import { A2ARefusal } from './refusal.ts';
import type { Sent } from './request.ts';
import { found } from './run-frames.ts';
import { newTaskId } from './stored-task.ts';
import { TaskView } from './task-view.ts';
import { isOver } from './wire.ts';

export type Begun =
  | { readonly kind: 'run'; readonly record: RunRecord }
  | { readonly kind: 'turn'; readonly view: TaskView; readonly body: TurnBody };

/** Whether the message begins a background run. */
export function isForBackground({ said, taskId, returnImmediately }: Sent): boolean {
  return returnImmediately && taskId === null && said.kind === 'question';
}

/** Throws for a task or a context that is not the owner's, and for a message that the task cannot take. */
export async function beginTurn(places: TaskPlaces, owner: string, sent: Sent): Promise<Begun> {
  const { taskId } = sent;
  if (taskId !== null) return continueTask(places, owner, sent, taskId);
  const { text, contents } = questionIn(sent);
  const contextId = await contextOf(places, owner, sent);
  const { store, ceilings } = places.served;
  const isNewSession = contextId === null;
  const session =
    contextId ?? (await store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser })).sessionId;
  const id = newTaskId(session);
  const view = new TaskView({ id, contextId: session, question: text }, { outcome: WORKING });
  // The id finds the turn again.
  const message = { role: 'user', contents, messageId: id } as const;
  return { kind: 'turn', view, body: { message, sessionId: session, isNewSession } };
}

/** The same message once more finds the run that is there: its sender makes the id unique. */
export async function beginRun(places: TaskPlaces, owner: string, sent: Sent): Promise<RunRecord> {
  const { agent, ceilings, store } = places.served;
  if (!agent.worksInBackground) {
    throw new A2ARefusal(
      'UNSUPPORTED_OPERATION',
      "The model's API cannot work in the background. Leave returnImmediately out.",
    );
  }
  const { text, contents } = questionIn(sent);
  if (typeof contents !== 'string') {
    throw new A2ARefusal('UNSUPPORTED_OPERATION', 'Files are not read in the background. Leave returnImmediately out.');
  }
  const { run } = await store.runs.create({
    owner,
    sessionId: await contextOf(places, owner, sent),
    message: text,
    callbackUrl: null,
    key: `a2a ${sent.messageId}`,
    maxOpen: ceilings.openRunsPerUser,
    maxSessions: ceilings.sessionsPerUser,
  });
  return run;
}

async function continueTask(places: TaskPlaces, owner: string, sent: Sent, taskId: string): Promise<Begun> {
  const task = await findTask(places, owner, taskId);
  const { contextId } = task.view;
  if (sent.contextId !== null && sent.contextId !== contextId) {
    throw new AgentError('input_invalid', 'The task belongs to another context. Leave contextId out, or correct it.');
  }
  if (sent.said.kind === 'question') throw takesNoQuestion(task);
  const approvals = sent.said.answers;
  if (task.kind === 'run' && task.record.approvals !== null) {
    return { kind: 'run', record: found(await places.served.store.runs.answerRun(taskId, { owner }, approvals)) };
  }
  if (task.kind !== 'stored' || task.stored.waiting === null) {
    throw new A2ARefusal('UNSUPPORTED_OPERATION', 'This task waits for no approval.');
  }
  if (sent.returnImmediately) {
    throw new A2ARefusal('UNSUPPORTED_OPERATION', 'This task is answered at once. Leave returnImmediately out.');
  }
  // It has the text and the files so far.
  task.view.set(WORKING);
  return { kind: 'turn', view: task.view, body: { approvals, sessionId: contextId } };
}

function takesNoQuestion({ view }: FoundTask): A2ARefusal {
  const why = isOver(view.state)
    ? 'This task has ended.'
    : view.state === 'TASK_STATE_INPUT_REQUIRED'
      ? 'This task waits for approvals, as data; its status message has the calls.'
      : 'This task is being worked on.';
  return new A2ARefusal('UNSUPPORTED_OPERATION', `${why} For a new task in its context, leave taskId out.`);
}

function questionIn({ said }: Sent): Extract<Sent['said'], { kind: 'question' }> {
  if (said.kind === 'question') return said;
  throw new AgentError('input_invalid', 'Approvals need the taskId of the task that waits for them.');
}

/** Null for a new context. Tasks of the context are in its history, so the message may refer to them. */
async function contextOf(places: TaskPlaces, owner: string, { contextId, references }: Sent): Promise<string | null> {
  if (contextId !== null) await ownContext(places, owner, contextId);
  for (const id of references) {
    const { view } = await findTask(places, owner, id);
    if (view.contextId === contextId) continue;
    throw new A2ARefusal('UNSUPPORTED_OPERATION', 'A message can refer only to tasks of its own context.');
  }
  return contextId;
}

async function ownContext({ served: { store } }: TaskPlaces, owner: string, contextId: string): Promise<void> {
  if ((await store.sessions.open(contextId, { owner })) !== null) return;
  throw new AgentError('not_found', 'There is no such context. Leave contextId out to start one.');
}
