// A background run as a stream of its task, or awaited without one. Leaving does not affect the run.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dataFrame, errorFrame } from '../../events/frame.ts';
import { AnswerFailed } from '../../http/errors.ts';
import type { RunRecord } from '../../store/run-record.ts';
import type { ServerContext } from '../../turn/context.ts';
import { streamFrames } from '../../turn/stream-frames.ts';
import { errorBody } from './refusal.ts';
import { found, type RunReader, runFrames } from './run-frames.ts';

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An error ends the stream, but not the task: the task keeps its state. */
export function streamRun(served: ServerContext, { request, reply }: Exchange, record: RunRecord): Promise<void> {
  return streamFrames(
    served,
    reply,
    (signal) => framed(served.store.runs, record, signal),
    (end) => errorFrame(errorBody({ ...end, status: new AnswerFailed(null, end).status }, request.id)),
  );
}

/** Resolves with the run when it has ended or asks for approval. Rejects with the signal's reason. */
export async function settledRun(runs: RunReader, record: RunRecord, signal: AbortSignal): Promise<RunRecord> {
  const frames = runFrames(runs, record, signal);
  for (let next = await frames.next(); next.done !== true; next = await frames.next());
  return found(await runs.get(record.runId, { owner: record.owner }));
}

async function* framed(runs: RunReader, record: RunRecord, signal: AbortSignal): AsyncGenerator<string, undefined> {
  for await (const frame of runFrames(runs, record, signal)) yield dataFrame(frame);
}
