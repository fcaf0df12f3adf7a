// Tries again what failed before the answer began. Providers leave that to their caller.
import { AgentError } from '@turnstream/core';
import { backoffMs, type CallContext, sleep } from '@turnstream/core/seams';
import { providerError } from '../provider-error.ts';

const DEFAULT_RETRIES = 2;
const BACKOFF = { firstMs: 500, longestMs: 8_000 };
/** A caller who waits longer than this without a word wants to know instead. */
const MAX_SILENT_WAIT_MS = 60_000;
const WORTH_ANOTHER_TRY: ReadonlySet<string> = new Set(['connection_failed', 'rate_limited', 'server_error']);

interface Retries {
  readonly context: CallContext;
  readonly signal: AbortSignal;
  readonly maxRetries: number | undefined;
}

/** Throws `config_invalid` for anything but a whole number from 0. */
export function checkRetries(maxRetries: number | undefined): void {
  if (maxRetries === undefined || (Number.isSafeInteger(maxRetries) && maxRetries >= 0)) return;
  throw new AgentError('config_invalid', `maxRetries is ${maxRetries}; it must be a whole number of at least 0.`);
}

/** What `request` gives. Rejects with the last error, as an `AgentError`, or with the signal's reason. */
export async function retried<Answer>(
  { context, signal, maxRetries = DEFAULT_RETRIES }: Retries,
  request: () => Promise<Answer>,
): Promise<Answer> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await request();
    } catch (cause) {
      const error = providerError(cause, context);
      const isLast = retries >= maxRetries || !WORTH_ANOTHER_TRY.has(error.code);
      if (isLast || (error.retryAfterMs ?? 0) > MAX_SILENT_WAIT_MS) throw error;
      await sleep(backoffMs(retries, BACKOFF, error.retryAfterMs), signal);
    }
  }
}
