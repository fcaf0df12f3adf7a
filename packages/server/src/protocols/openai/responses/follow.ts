// Streams a response that works in the background. A reader that leaves stops nothing and can resume after any event.
import type { Message } from '@turnstream/core';
import type { FastifyReply } from 'fastify';
import { typedFrame } from '../../../events/frame.ts';
import { followRun } from '../../../store/follow-run.ts';
import type { RunRecord } from '../../../store/run-record.ts';
import type { RunStore, StoredEvent } from '../../../store/run-store.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { streamFrames } from '../../../turn/stream-frames.ts';
import { RunEvents, type RunHead } from './background.ts';
import { runResponseId } from './ids.ts';
import type { ItemEvent } from './items.ts';
import { findStored } from './stored.ts';

/** Of a response that is open. */
export const RETRY_AFTER_SECONDS = 1;

/** Changes are announced at once; this poll finds those whose announcement was lost. */
const LOOK_MS = 1_000;

export interface FollowOptions {
  readonly head: RunHead;
  /** The number of the last event that the reader has; -1 for none. */
  readonly after: number;
}

export async function followResponse(
  served: ServerContext,
  reply: FastifyReply,
  run: RunRecord,
  { head, after }: FollowOptions,
): Promise<void> {
  const events = new RunEvents(run, head);
  const isNew = (event: ItemEvent): boolean => Number(event['sequence_number']) > after;
  async function* frames(signal: AbortSignal): AsyncGenerator<string, undefined> {
    for await (const page of followRun(served.store.runs, run, 0, signal)) {
      const answer = await answerAt(page, served, run);
      const some = page.flatMap(({ event }) => events.take(event, answer)).filter(isNew);
      yield some.map(typedFrame).join('');
    }
  }
  await streamFrames(served, reply, frames, (end) => typedFrame(events.broken(end)));
}

/** The run once it has ended, or its state when the signal aborts. */
export async function whenEnded(
  runs: RunStore,
  { runId, owner }: Pick<RunRecord, 'owner' | 'runId'>,
  signal: AbortSignal,
): Promise<RunRecord | null> {
  for (;;) {
    // Rejects when the signal aborts.
    const change = runs.changed(runId, { timeoutMs: LOOK_MS, signal }).catch(() => {});
    const run = await runs.get(runId, { owner });
    if (run === null || run.end !== null || signal.aborted) return run;
    await change;
  }
}

/** What the run left in the history; nothing before its end. */
async function answerAt(
  page: readonly StoredEvent[],
  served: ServerContext,
  run: RunRecord,
): Promise<readonly Message[]> {
  return page.at(-1)?.event.type === 'done' ? answerOf(served, run) : [];
}

/** What a run that has ended left in the history. */
export async function answerOf(served: ServerContext, run: RunRecord): Promise<readonly Message[]> {
  return (await findStored(served, run.owner, runResponseId(run)))?.answer ?? [];
}
