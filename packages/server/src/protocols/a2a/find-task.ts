// Finds a task of an owner by its id: a background run, an answer that is being streamed, or one that is stored.
import { contentsOf } from '@turnstream/core';
import { z } from 'zod';
import type { A2AOptions } from '../../options.ts';
import type { RunRecord } from '../../store/run-record.ts';
import type { ServerContext } from '../../turn/context.ts';
import { filePart } from './answer-frames.ts';
import type { LiveTask, LiveTasks } from './live-tasks.ts';
import { found, viewOf } from './run-frames.ts';
import { type StoredTask, storedTask } from './stored-task.ts';
import { TaskView } from './task-view.ts';

export type FoundTask =
  | { readonly kind: 'run'; readonly view: TaskView; readonly record: RunRecord }
  | { readonly kind: 'live'; readonly view: TaskView; readonly live: LiveTask }
  | { readonly kind: 'stored'; readonly view: TaskView; readonly stored: StoredTask };

export interface TaskPlaces {
  readonly served: ServerContext;
  readonly options: A2AOptions;
  readonly live: LiveTasks;
}

const runId = z.uuid();

/** Throws `TASK_NOT_FOUND`. */
export async function findTask({ served, live }: TaskPlaces, owner: string, id: string): Promise<FoundTask> {
  const streamed = live.of(owner, id);
  if (streamed !== null) return { kind: 'live', view: streamed.view, live: streamed };
  const stored = await storedTask(served, owner, id);
  if (stored !== null) return { kind: 'stored', view: viewOfStored(stored), stored };
  const record = found(runId.safeParse(id).success ? await served.store.runs.get(id, { owner }) : null);
  return { kind: 'run', view: viewOf(record), record };
}

/** The history does not say when a turn was stored. */
function viewOfStored({ head, text, outcome, messages }: StoredTask): TaskView {
  const view = new TaskView(head, { text, outcome, atMs: null });
  const answer = messages.filter(({ role }) => role === 'assistant').flatMap(contentsOf);
  for (const part of answer.flatMap(filePart)) view.attach(part);
  return view;
}
