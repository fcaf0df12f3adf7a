// How long a service asks us to wait, and when that is too long to do so silently.
import { retryAfterMs } from '@turnstream/core/seams';
import type { Fetch } from '../transport/fetch.ts';

/** A caller who waits longer than this without a word wants to know instead. */
const MAX_SILENT_WAIT_MS = 60_000;

/**
 * Tells the SDK not to retry when the service asks for more than a minute: it would ignore the header and try again
 * within seconds. The error surfaces at once instead, with the wait in it.
 */
export function surfaceLongWaits(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.ok || (retryAfterMs(response.headers) ?? 0) <= MAX_SILENT_WAIT_MS) return response;
    const headers = new Headers(response.headers);
    headers.set('x-should-retry', 'false');
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  };
}
