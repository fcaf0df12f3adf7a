// The client's `timeout`: what it may be, and what an error says when an answer was not waited for any longer.
import { AgentError } from '@turnstream/core';
import { MAX_TIMER_MS } from '@turnstream/core/seams';
import { SilenceError } from '../transport/silence-error.ts';

/** Throws `config_invalid` for a `timeout` outside the range of a timer: the request would end at once. */
export function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS)) return;
  throw new AgentError(
    'config_invalid',
    `timeout is ${timeoutMs}; it must be between 1 and ${MAX_TIMER_MS} (milliseconds).`,
  );
}

/** What happened and what to do, if the transport gave up waiting; null for any other failure. */
export function gaveUpWaiting(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SilenceError) return `The service sent no byte for ${cause.waitedMs / 1000} s. ${REMEDY}`;
    const code = 'code' in cause ? cause.code : null;
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
      return `Node's fetch gave up after 300 s without a byte. ${REMEDY}`;
    }
  }
  return null;
}

const REMEDY =
  'Give the model client a longer `timeout` in milliseconds (or your SDK instance a `fetchOptions.dispatcher`), ' +
  'stream the answer, or use runInBackground().';
