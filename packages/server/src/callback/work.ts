// What a worker does with the callback job of an ended run: send it, or say when to try again.
import type { RunRecord } from '../store/run-record.ts';
import type { Work } from '../store/workers.ts';
import { isDelivered, nextTry } from './schedule.ts';
import { type SendOptions, sendCallback } from './send.ts';
import { type CallbackSecret, callbackSigners } from './signer.ts';

/** Such as Fastify's. It gets ids, statuses and numbers, and no URL. */
export interface CallbackLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface CallbackWorkOptions extends SendOptions {
  readonly secret: CallbackSecret;
  /** Null when the run was deleted: then nothing is sent. */
  readonly load: (runId: string) => Promise<RunRecord | null>;
  readonly log: CallbackLog;
}

/** Throws `config_invalid` for a malformed secret; for one that a function returned, the work rejects with it. */
export function callbackWork({ secret, load, log, ...options }: CallbackWorkOptions): Work {
  const signerOf = callbackSigners(secret);
  return async ({ runId, attempt, signal }) => {
    const run = await load(runId);
    // A run that waited and goes on has nothing to tell until its end.
    const atMs = run?.state === 'awaiting_approval' ? run.askedAtMs : run?.endedAtMs;
    if (run === null || run.callbackUrl === null || atMs == null) return null;
    const { callbackUrl } = run;
    const signer = await signerOf(callbackUrl);
    const outcome = await sendCallback({ ...run, callbackUrl, atMs }, signer, signal, options);
    const waitMs = nextTry(attempt, outcome);
    const fields = { runId, attempt, status: outcome.status };
    if (isDelivered(outcome)) log.info(fields, 'callback delivered');
    else log.warn(fields, waitMs === null ? 'callback given up' : 'callback failed, to be tried again');
    return waitMs;
  };
}
