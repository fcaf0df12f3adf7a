// Node's fetch waits 300 s for the headers of an answer and as long between two chunks of it, whatever `timeout` says.
// Without a library only a dispatcher of one's own can wait longer, and Node has none to hand out: it is lent.
import { AgentError } from '@turnstream/core';
import { MAX_TIMER_MS } from '@turnstream/core/seams';
import type { Fetch } from './retry-wait.ts';

/** What Node's fetch waits at most, unless its dispatcher says otherwise. */
export const FETCH_WAIT_MS = 300_000;

/** As far as this file goes into one of undici, the library behind Node's fetch. */
interface Dispatcher {
  dispatch(options: object, handler: unknown): boolean;
}

/** Where undici keeps the dispatcher of all fetches, for every copy of it that speaks the same version of the interface. */
function globalDispatcher(): Dispatcher | undefined {
  const version = typeof process === 'undefined' ? undefined : process.versions['undici'];
  const major = Number.parseInt(version ?? '', 10);
  const key = Symbol.for(`undici.globalDispatcher.${major >= 8 ? 2 : 1}`);
  return (globalThis as Readonly<Record<symbol, Dispatcher | undefined>>)[key];
}

/** Node's fetch with `timeoutMs` in place of its own waits. A dispatcher that the request brings is left as it is. */
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

/** Throws `config_invalid` for a `timeout` that no timer can keep: the request would end at once. */
export function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS)) return;
  throw new AgentError(
    'config_invalid',
    `timeout is ${timeoutMs}; it must be between 1 and ${MAX_TIMER_MS} (milliseconds).`,
  );
}

/** What happened and what to do, when it was Node's fetch that gave up; null for any other failure. */
export function fetchGaveUp(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? cause.code : null;
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return GAVE_UP;
  }
  return null;
}

const GAVE_UP =
  "Node's fetch gave up: it waits 300 s for a byte. Give the model client a longer `timeout` in milliseconds " +
  '(an SDK instance of yours a `fetchOptions.dispatcher`), stream the answer, or use runInBackground().';
