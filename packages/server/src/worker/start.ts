// The background workers: started and stopped with the server. They also clean up once an hour.
import type { FastifyInstance } from 'fastify';
import { callbackWork } from '../callback/work.ts';
import type { CallbackOptions } from '../options.ts';
import type { ServerContext } from '../turn/context.ts';
import { runWork } from './run-work.ts';

const HOUR_MS = 3_600_000;

/** Starts them once the server is ready. Returns a function that stops them and releases runs to other processes. */
export function startWorkers(
  app: FastifyInstance,
  served: ServerContext,
  callbacks: CallbackOptions | undefined,
): () => Promise<void> {
  const { runs } = served.store;
  const { workers, callbackWorkers, keepRunsMs, maxRunMs, maxAttempts, pollMs } = served.ceilings;
  const { log } = app;
  const limits = { maxRunMs, maxAttempts, pollMs };
  const plain = runWork({ store: served.store, agent: (history) => served.agentWith(history), log, ...limits });
  const run = served.inspectedRuns?.work(plain) ?? plain;
  // Made by another process with other options, perhaps: nobody here can sign it.
  const callback =
    callbacks === undefined ? async () => null : callbackWork({ ...callbacks, load: (runId) => runs.load(runId), log });
  const tidy = (): void => {
    runs.forgetEnded(Date.now() - keepRunsMs).catch((error: unknown) => log.error({ err: error }, 'not tidied up'));
  };
  let stop = async (): Promise<void> => {};
  app.addHook('onReady', async () => {
    const work = await runs.work({ run, callback, concurrency: workers, callbackConcurrency: callbackWorkers });
    const timer = setInterval(tidy, HOUR_MS).unref();
    tidy();
    stop = async () => {
      clearInterval(timer);
      await work[Symbol.asyncDispose]();
    };
  });
  return () => stop();
}
