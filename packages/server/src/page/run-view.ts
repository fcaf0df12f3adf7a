// A background run in the page: its state, its words, and a way to stop it. Leaving the page leaves the run alone.
/// <reference lib="dom" />
import {
  answerRun,
  type Connection,
  cancelRun,
  type DoneEvent,
  getRun,
  type PublicRun,
  type WatchOptions,
  watchRun,
} from '../client/index.ts';
import { approvalForm } from './approval-form.ts';
import type { Semaphore } from './semaphore.ts';
import type { MessageView } from './transcript.ts';

export interface FollowedRun {
  readonly connection: Connection;
  readonly run: PublicRun;
  readonly answer: MessageView;
  readonly signal: AbortSignal;
  /** A run that has none is shown without its words until another one has ended. */
  readonly watching: Semaphore;
}

/** Follows the run to its end. Never rejects. */
export async function followRun({ connection, run, answer, signal, watching }: FollowedRun): Promise<void> {
  answer.isBusy = true;
  answer.note('In the background. Closing the page is fine.');
  answer.offer('Stop this run', () => stop(connection, run, answer));
  await watching.hold(() => showEvents({ ...connection, runId: run.runId, signal }, answer));
  answer.isBusy = false;
  answer.ask(null);
  answer.withdraw();
}

async function showEvents(watched: WatchOptions, answer: MessageView): Promise<void> {
  try {
    for await (const { event } of watchRun(watched)) {
      answer.ask(event.type === 'approval' ? await pendingForm(watched, answer) : null);
      if (event.type === 'session' && event.mode === 'replace') answer.replace('');
      else if (event.type === 'update') answer.add(event.text);
      else if (event.type === 'done') showEnd(event.status, answer);
    }
  } catch (error) {
    if (watched.signal?.aborted === true) return;
    answer.setApart();
    answer.note(error instanceof Error ? error.message : 'It failed.', 'alert');
  }
}

/** Null when nothing waits any more: the events of a run are also shown later. */
async function pendingForm(watched: WatchOptions, answer: MessageView): Promise<HTMLElement | null> {
  const { approvals } = await getRun(watched, watched.runId);
  if (approvals.length === 0) return null;
  return approvalForm(approvals, async (answers) => {
    try {
      await answerRun(watched, watched.runId, answers);
      answer.ask(null);
    } catch (error) {
      answer.note(error instanceof Error ? error.message : 'The decision could not be sent.', 'alert');
    }
  });
}

/** Its end comes with its events, as every end does. */
async function stop(connection: Connection, { runId }: PublicRun, answer: MessageView): Promise<void> {
  try {
    await cancelRun(connection, runId);
  } catch (error) {
    answer.note(error instanceof Error ? error.message : 'It could not be stopped.', 'alert');
  }
}

/** A run that ended and left no turn in the session, as it is found later. */
export function showUnanswered({ end, text }: PublicRun, answer: MessageView): void {
  answer.replace(text);
  answer.setApart();
  if (end?.type === 'error') answer.note(end.message, 'alert');
  else answer.note('Stopped.');
}

function showEnd(status: DoneEvent['status'], answer: MessageView): void {
  if (status === 'cancelled') answer.setApart();
  const notes = {
    completed: 'Done in the background.',
    incomplete: 'Cut short by the model.',
    cancelled: 'Stopped.',
    awaiting_approval: 'Waits for approval.',
  };
  answer.note(notes[status]);
}
