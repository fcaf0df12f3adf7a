// The routes of tasks: get, list, cancel and subscribe.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readerGone } from '../../sse/writer.ts';
import type { RunRecord } from '../../store/run-record.ts';
import { takePlace } from '../../turn/request.ts';
import { findTask, type TaskPlaces } from './find-task.ts';
import { historyLength, listQuery, toRunQuery, toTaskList } from './list.ts';
import type { LiveTask } from './live-tasks.ts';
import { A2ARefusal } from './refusal.ts';
import { found, viewOf } from './run-frames.ts';
import { type Exchange, settledRun, streamRun } from './stream-run.ts';
import { isOver, type Task } from './wire.ts';

/** How long cancelling waits for the run to end. */
const CANCEL_MS = 5_000;

const params = z.object({ id: z.string().max(300) });

export function taskRoutes(places: TaskPlaces): FastifyPluginAsyncZod {
  const { served } = places;
  const { runs } = served.store;
  return async function a2aTasksPlugin(app) {
    app.get('/tasks', { schema: { querystring: listQuery } }, async ({ agentOwner: owner, query }) =>
      toTaskList(await runs.page(owner, toRunQuery(query)), query),
    );

    const getting = { schema: { params, querystring: z.looseObject({ historyLength }) } };
    app.get('/tasks/:id', getting, async ({ agentOwner: owner, params: { id }, query }) => {
      const { view } = await findTask(places, owner, id);
      return view.task({ historyLength: query.historyLength });
    });

    app.post('/tasks/:id([^:]+)::cancel', { schema: { params } }, async (request, reply) => {
      const task = await findTask(places, request.agentOwner, request.params.id);
      if (task.kind === 'live') return cancelLive(task.live);
      if (task.kind === 'run' && task.record.end === null) return cancelRun(places, { request, reply }, task.record);
      throw notCancelable();
    });

    // The specification says both POST and GET.
    app.route({
      method: ['GET', 'POST'],
      url: '/tasks/:id([^:]+)::subscribe',
      // A HEAD request would hold a place for as long as the run lasts.
      exposeHeadRoute: false,
      schema: { params },
      handler: async (request, reply) => {
        const { agentOwner: owner } = request;
        const task = await findTask(places, owner, request.params.id);
        if (isOver(task.view.state))
          throw new A2ARefusal('UNSUPPORTED_OPERATION', 'The task has ended. Get it instead.');
        if (task.kind !== 'run') {
          throw new A2ARefusal(
            'UNSUPPORTED_OPERATION',
            'This task is streamed only to the request that sent its message.',
          );
        }
        using _place = takePlace(served, owner);
        await streamRun(served, { request, reply }, task.record);
      },
    });
  };
}

async function cancelLive(live: LiveTask): Promise<Task> {
  try {
    return await live.cancel();
  } catch {
    throw notCancelable();
  }
}

async function cancelRun({ served }: TaskPlaces, { reply }: Exchange, { runId, owner }: RunRecord): Promise<Task> {
  const { runs } = served.store;
  const asked = found(await runs.requestCancel(runId, { owner }));
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), CANCEL_MS);
  try {
    const signal = AbortSignal.any([late.signal, readerGone(reply.raw), served.stopping]);
    return viewOf(await settledRun(runs, asked, signal)).task();
  } catch (error) {
    if (error !== late.signal.reason) throw error;
    return viewOf(found(await runs.get(runId, { owner }))).task();
  } finally {
    clearTimeout(timer);
  }
}

function notCancelable(): A2ARefusal {
  return new A2ARefusal('TASK_NOT_CANCELABLE', 'The task has ended, or waits for approval. Reject its calls instead.');
}
