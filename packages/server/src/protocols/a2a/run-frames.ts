// Turns the events of a background run into the frames of its task.
import { isTerminal, type ServerEvent } from '../../events/wire.ts';
import { type FollowedStore, followRun } from '../../store/follow-run.ts';
import { changedAtMs } from '../../store/run-page.ts';
import type { RunRecord } from '../../store/run-record.ts';
import type { RunStore } from '../../store/run-store.ts';
import { answered, asks, failed, outcomeOf, WORKING } from './outcome.ts';
import { A2ARefusal } from './refusal.ts';
import { TaskView } from './task-view.ts';
import { isOver, type StreamFrame, type Task } from './wire.ts';

const PAGE = 200;

export function viewOf(record: RunRecord): TaskView {
  const { runId, sessionId, message, text } = record;
  const head = { id: runId, contextId: sessionId, question: message };
  return new TaskView(head, { text, outcome: outcomeOf(record), atMs: changedAtMs(record) });
}

/** A fold from events to frames. Calls that wait for approval are in the run's record, as one batch. */
export class RunFrames {
  readonly #view: TaskView;

  constructor(record: RunRecord) {
    this.#view = viewOf(record);
  }

  event(event: ServerEvent): readonly StreamFrame[] {
    switch (event.type) {
      case 'session':
        // A stored one always says `replace`.
        this.#view.restart();
        return [];
      case 'update':
        return [...this.#working(), ...this.#view.say(event.text)];
      case 'tool':
        return this.#working();
      case 'done':
        return this.#view.enter(answered(event));
      case 'error':
        return this.#view.enter(failed(event));
      case 'approval':
        return [];
    }
  }

  /** The state that the record has, which may be ahead of the events. */
  at(record: RunRecord): Task {
    this.#view.set(outcomeOf(record), changedAtMs(record));
    return this.#view.task();
  }

  waits({ approvals }: RunRecord): readonly StreamFrame[] {
    return approvals === null ? [] : this.#view.enter(asks(approvals));
  }

  #working(): readonly StreamFrame[] {
    return this.#view.state === 'TASK_STATE_WORKING' ? [] : this.#view.enter(WORKING);
  }
}

export type RunReader = FollowedStore & Pick<RunStore, 'get'>;

/** The task as it is now, then its changes, until it is over or asks for approval. */
export async function* runFrames(
  runs: RunReader,
  record: RunRecord,
  signal: AbortSignal,
): AsyncGenerator<StreamFrame, undefined> {
  const { runId, owner } = record;
  const fold = new RunFrames(record);
  let seq = await replay(runs, runId, fold, 0);
  const current = found(await runs.get(runId, { owner }));
  // What was stored since then, together with the end.
  if (current.end !== null) seq = await replay(runs, runId, fold, seq);
  const task = fold.at(current);
  yield { task };
  if (isOver(task.status.state)) return;
  for await (const page of followRun(runs, record, seq, signal)) {
    for (const { event } of page) yield* fold.event(event);
    if (page.at(-1)?.event.type !== 'approval') continue;
    const waiting = fold.waits(found(await runs.get(runId, { owner })));
    yield* waiting;
    if (waiting.length > 0) return;
  }
}

/** Takes the stored events and returns the number of the last one. */
async function replay(runs: RunReader, runId: string, fold: RunFrames, after: number): Promise<number> {
  for (let seq = after; ; ) {
    const page = await runs.events(runId, { after: seq, limit: PAGE });
    for (const { event } of page) if (!isTerminal(event)) fold.event(event);
    seq = page.at(-1)?.seq ?? seq;
    if (page.length < PAGE) return seq;
  }
}

export function found(record: RunRecord | null): RunRecord {
  if (record !== null) return record;
  throw new A2ARefusal('TASK_NOT_FOUND', 'There is no such task.');
}
