// Lists tasks: the query of the request as one of the run store, and its page as a response.
import { AgentError } from '@turnstream/core';
import { z } from 'zod';
import type { RunState } from '../../events/wire.ts';
import { changedAtMs, type RunCursor, type RunPage, type RunQuery } from '../../store/run-page.ts';
import type { RunRecord } from '../../store/run-record.ts';
import { viewOf } from './run-frames.ts';
import type { TaskShape } from './task-view.ts';
import type { Task, TaskState } from './wire.ts';

const ANY = 'TASK_STATE_UNSPECIFIED';

/** The states of the runs that are asked for; undefined for any. */
const RUN_STATES: Readonly<Record<TaskState | typeof ANY, readonly RunState[] | undefined>> = {
  [ANY]: undefined,
  TASK_STATE_SUBMITTED: ['queued'],
  TASK_STATE_WORKING: ['in_progress'],
  TASK_STATE_INPUT_REQUIRED: ['awaiting_approval'],
  TASK_STATE_COMPLETED: ['completed'],
  TASK_STATE_FAILED: ['failed', 'incomplete'],
  TASK_STATE_CANCELED: ['cancelled'],
  TASK_STATE_REJECTED: [],
  TASK_STATE_AUTH_REQUIRED: [],
};

const states = Object.keys(RUN_STATES) as (keyof typeof RUN_STATES)[];

export const historyLength = z.coerce.number().int().min(0).optional();

export const listQuery = z.looseObject({
  contextId: z.string().max(300).optional(),
  status: z.enum(states).default(ANY),
  pageSize: z.coerce.number().int().min(1).max(100).default(50),
  pageToken: z.string().max(300).default(''),
  historyLength,
  statusTimestampAfter: z.iso.datetime({ offset: true }).optional(),
  includeArtifacts: z.enum(['true', 'false']).default('false'),
});

export type ListQuery = z.infer<typeof listQuery>;

export function toRunQuery({ contextId, status, pageSize, pageToken, statusTimestampAfter }: ListQuery): RunQuery {
  return {
    // One more tells whether there is a next page.
    limit: pageSize + 1,
    sessionId: contextId || undefined,
    states: RUN_STATES[status],
    changedSinceMs: statusTimestampAfter === undefined ? undefined : Date.parse(statusTimestampAfter),
    after: pageToken === '' ? undefined : cursorIn(pageToken),
  };
}

export interface TaskList {
  readonly tasks: readonly Task[];
  /** '' on the last page. */
  readonly nextPageToken: string;
  readonly pageSize: number;
  readonly totalSize: number;
}

export function toTaskList({ runs, total }: RunPage, query: ListQuery): TaskList {
  const { pageSize, historyLength: length, includeArtifacts } = query;
  const page = runs.slice(0, pageSize);
  const last = runs.length > pageSize ? page.at(-1) : undefined;
  const shape: TaskShape = { historyLength: length, includeArtifacts: includeArtifacts === 'true' };
  return {
    tasks: page.map((run) => viewOf(run).task(shape)),
    nextPageToken: last === undefined ? '' : tokenAfter(last),
    pageSize,
    totalSize: total,
  };
}

const cursor = z.tuple([z.int(), z.uuid()]);

function tokenAfter(run: RunRecord): string {
  return Buffer.from(JSON.stringify([changedAtMs(run), run.runId])).toString('base64url');
}

function cursorIn(token: string): RunCursor {
  try {
    const [atMs, runId] = cursor.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
    return { changedAtMs: atMs, runId };
  } catch {
    throw new AgentError('input_invalid', 'The pageToken is not one of this server. Leave it out for the first page.');
  }
}
