// Node's fetch waits 300 s for the headers of an answer and 300 s between two chunks, whatever `timeout` says. Waiting
// longer takes a custom dispatcher. Node does not export one, so this wraps its global dispatcher.
import { AgentError } from '@turnstream/core';
import { MAX_TIMER_MS } from '@turnstream/core/seams';
import type { Fetch } from './retry-wait.ts';

/** The longest Node's fetch waits, unless its dispatcher says otherwise. */
export const FETCH_WAIT_MS = 300_000;

/** The part of a dispatcher used here. Dispatchers belong to undici, the library behind Node's fetch. */
interface Dispatcher {
  dispatch(options: object, handler: unknown): boolean;
}

/** The dispatcher of all fetches. undici keeps it under a symbol shared by every copy with the same interface version. */
function globalDispatcher(): Dispatcher | undefined {
  const version = typeof process === 'undefined' ? undefined : process.versions['undici'];
  const major = Number.parseInt(version ?? '', 10);
  const key = Symbol.for(`undici.globalDispatcher.${major >= 8 ? 2 : 1}`);
  return (globalThis as Readonly<Record<symbol, Dispatcher | undefined>>)[key];
}

/** Node's fetch with `timeoutMs` instead of its own timeouts. A dispatcher set on the request is left alone. */
export function patientFetch(timeoutMs: number): Fetch {
  return (input, init) => {
    const shared = globalDispatcher();
    if (shared === undefined || (init !== undefined && 'dispatcher' in init)) return globalThis.fetch(input, init);
    const dispatch: Dispatcher['dispatch'] = (options, handler) =>
      shared.dispatch({ ...options, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }, handler);
    const dispatcher: Dispatcher = Object.create(shared, { dispatch: { value: dispatch } });
    return globalThis.fetch(input, { ...init, dispatcher } as RequestInit);
  };
}

/** Throws `config_invalid` for a `timeout` outside the range of a timer: the request would end at once. */
export function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS)) return;
  throw new AgentError(
    'config_invalid',
    `timeout is ${timeoutMs}; it must be between 1 and ${MAX_TIMER_MS} (milliseconds).`,
  );
}

/** What happened and what to do, if Node's fetch gave up; null for any other failure. */
export function fetchGaveUp(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? cause.code : null;
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return GAVE_UP;
  }
  return null;
}

const GAVE_UP =
  "Node's fetch gave up after 300 s without a byte. Give the model client a longer `timeout` in milliseconds " +
  '(or your SDK instance a `fetchOptions.dispatcher`), stream the answer, or use runInBackground().';
