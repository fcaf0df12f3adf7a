// A background run in the page: its state, its words, and a way to stop it. Leaving the page leaves the run alone.
/// <reference lib="dom" />
import { type Connection, cancelRun, type ShownRun, watchRun } from '../client/index.ts';
import type { Shown } from './transcript.ts';

/** Follows the run to its end. Never rejects. */
export async function followRun(
  connection: Connection,
  run: ShownRun,
  answer: Shown,
  signal: AbortSignal,
): Promise<void> {
  answer.isBusy = true;
  answer.note('In the background. Closing the page is fine.');
  answer.offer('Stop this run', () => stop(connection, run, answer));
  try {
    for await (const { event } of watchRun({ ...connection, runId: run.runId, signal })) {
      if (event.type === 'session' && event.mode === 'replace') answer.replace('');
      else if (event.type === 'update') answer.add(event.text);
      else if (event.type === 'done') showEnd(event.status, answer);
    }
  } catch (error) {
    if (signal.aborted) return;
    answer.setApart();
    answer.note(error instanceof Error ? error.message : 'It failed.', 'alert');
  } finally {
    answer.isBusy = false;
    answer.withdraw();
  }
}

/** Its end comes with its events, as every end does. */
async function stop(connection: Connection, { runId }: ShownRun, answer: Shown): Promise<void> {
  try {
    await cancelRun(connection, runId);
  } catch (error) {
    answer.note(error instanceof Error ? error.message : 'It could not be stopped.', 'alert');
  }
}

/** A run that ended and left no turn in the session, as it is found later. */
export function showUnanswered({ end, text }: ShownRun, answer: Shown): void {
  answer.replace(text);
  answer.setApart();
  if (end?.type === 'error') answer.note(end.message, 'alert');
  else answer.note('Stopped. Not in the conversation.');
}

function showEnd(status: 'completed' | 'incomplete' | 'cancelled', answer: Shown): void {
  if (status === 'cancelled') answer.setApart();
  const notes = {
    completed: 'Done in the background.',
    incomplete: 'Cut short by the model.',
    cancelled: 'Stopped. Not in the conversation.',
  };
  answer.note(notes[status]);
}
