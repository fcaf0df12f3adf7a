// The background workers: started and stopped with the server.
import type { FastifyInstance } from 'fastify';
import type { CallbackLog } from '../callback/work.ts';
import type { CallbackOptions } from '../options.ts';
import type { Work } from '../store/workers.ts';
import type { ServerContext } from '../turn/context.ts';
import { runWork } from './run-work.ts';
import type { WorkLog } from './work-options.ts';

/** Starts them once the server is ready. Returns a function that stops them and releases runs to other processes. */
export async function startWorkers(
  app: FastifyInstance,
  served: ServerContext,
  callbacks: CallbackOptions | undefined,
): Promise<() => Promise<void>> {
  const { runs } = served.store;
  const { workers, callbackWorkers, maxRunMs, maxAttempts, approvalMs, pollMs } = served.ceilings;
  const { log } = app;
  const limits = { maxRunMs, maxAttempts, approvalMs, pollMs };
  const plain = runWork({ store: served.store, agent: (history) => served.agentWith(history), log, ...limits });
  const run = served.inspectedRuns?.work(plain) ?? plain;
  const callback = await workOnCallbacks(served, callbacks, log);
  let stop = async (): Promise<void> => {};
  app.addHook('onReady', async () => {
    const work = await runs.work({
      run: logged(run, log),
      callback: logged(callback, log),
      concurrency: workers,
      // Without a key to sign them, callbacks are left to a process that has one.
      callbackConcurrency: callbacks === undefined ? 0 : callbackWorkers,
    });
    stop = async () => work[Symbol.asyncDispose]();
  });
  return () => stop();
}

/** Logs why a job failed. The queue delivers it again without reporting the error, until the worker gives up the run. */
function logged(work: Work, log: WorkLog): Work {
  return async (job) => {
    try {
      return await work(job);
    } catch (error) {
      const { runId, attempt, signal } = job;
      if (!signal.aborted) log.warn({ runId, attempt, err: error }, 'job failed and will be delivered again');
      throw error;
    }
  };
}

/** Most servers send no callbacks and need no library for them. One that does, but lacks it, fails to start. */
async function workOnCallbacks(
  { store: { runs } }: ServerContext,
  callbacks: CallbackOptions | undefined,
  log: CallbackLog,
): Promise<Work> {
  if (callbacks === undefined) return async () => null;
  const { callbackWork } = await import('../callback/work.ts');
  return callbackWork({ ...callbacks, load: (runId) => runs.load(runId), log });
}
