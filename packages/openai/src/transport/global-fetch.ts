// The global fetch as a transport: the only one in browsers and at the edge, and on Node the one for everything unusual.
import { FETCH_WAIT_MS, type Fetch } from './fetch.ts';
import { withOwnHeaders } from './kept-headers.ts';

/** The part of a dispatcher used here. Dispatchers belong to undici, the library behind Node's fetch. */
export interface Dispatcher {
  dispatch(options: object, handler: unknown): boolean;
}

/** The dispatcher of all fetches. undici keeps it under a symbol shared by every copy with the same interface version. */
export function globalDispatcher(): Dispatcher | undefined {
  return (globalThis as Readonly<Record<symbol, Dispatcher | undefined>>)[DISPATCHER];
}

const undici = typeof process === 'undefined' ? undefined : (process as Partial<NodeJS.Process>).versions?.['undici'];
const DISPATCHER = Symbol.for(`undici.globalDispatcher.${Number.parseInt(undici ?? '', 10) >= 8 ? 2 : 1}`);

/**
 * The global fetch of the moment. Node's waits 300 s for the headers of an answer and 300 s between two chunks, whatever
 * the client's timeout; waiting longer takes a custom dispatcher. Node does not export one, so this wraps its global
 * dispatcher. One that is set on the request is left alone.
 */
export function newTransport(timeoutMs = 0): Fetch {
  if (timeoutMs <= FETCH_WAIT_MS) return withOwnHeaders((input, init) => globalThis.fetch(input, init));
  return withOwnHeaders((input, init) => {
    const shared = globalDispatcher();
    if (shared === undefined || (init !== undefined && 'dispatcher' in init)) return globalThis.fetch(input, init);
    const dispatch: Dispatcher['dispatch'] = (options, handler) =>
      shared.dispatch({ ...options, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }, handler);
    const dispatcher: Dispatcher = Object.create(shared, { dispatch: { value: dispatch } });
    return globalThis.fetch(input, { ...init, dispatcher } as RequestInit);
  });
}
