// What a server does every now and then, whether its agent works in the background or not: it deletes what is too old.
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../turn/context.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Begins once the server is ready. Returns a function that ends it, and waits for what is under way. */
export function startUpkeep(app: FastifyInstance, { store: { runs }, ceilings }: ServerContext): () => Promise<void> {
  const giveUpCalls = repeating(app, MINUTE_MS, () => runs.expireApprovals());
  const tidy = repeating(app, HOUR_MS, async () => {
    await runs.forgetExpired();
    await runs.forgetEnded(Date.now() - ceilings.keepRunsMs);
  });
  return async () => {
    await Promise.all([giveUpCalls(), tidy()]);
  };
}

function repeating(app: FastifyInstance, everyMs: number, work: () => Promise<void>): () => Promise<void> {
  let underWay = Promise.resolve();
  const begin = (): void => {
    underWay = work().catch((error: unknown) => app.log.error({ err: error }, 'not tidied up'));
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  app.addHook('onReady', async () => {
    timer = setInterval(begin, everyMs).unref();
    begin();
  });
  return () => {
    clearInterval(timer);
    return underWay;
  };
}
