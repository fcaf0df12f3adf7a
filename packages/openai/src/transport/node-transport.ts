// The transport on Node: plain requests go over node:http, which costs half of what fetch does; all others through fetch.
import { types } from 'node:util';
import { FETCH_WAIT_MS, type Fetch } from './fetch.ts';
import { globalDispatcher, newTransport as newGlobalTransport } from './global-fetch.ts';
import { fetchOverHttp, type PlainInit } from './node-http.ts';

/** The SDK's own default. */
const SDK_TIMEOUT_MS = 600_000;

/** Whatever replaces it later, such as a mock or a tracer, must see the requests. */
const nodesFetch = globalThis.fetch;

export function newTransport(timeoutMs?: number): Fetch {
  const overFetch = newGlobalTransport(timeoutMs);
  const waitMs = Math.max(timeoutMs ?? SDK_TIMEOUT_MS, FETCH_WAIT_MS);
  return (input, init) =>
    typeof input === 'string' && isPlain(init) && isNodesOwn()
      ? fetchOverHttp(input, init, waitMs)
      : overFetch(input, init);
}

/** What the SDK sends by itself. Any other member, such as a `dispatcher`, is for fetch to understand. */
function isPlain(init: RequestInit | undefined): init is PlainInit {
  if (init === undefined) return false;
  for (const name in init) if (!PLAIN.has(name)) return false;
  const { body, headers } = init;
  return headers instanceof Headers && (body === undefined || typeof body === 'string' || body instanceof Uint8Array);
}

const PLAIN: ReadonlySet<string> = new Set(['method', 'headers', 'body', 'signal']);

/** False once somebody has replaced the global fetch or its dispatcher: for a proxy, certificates, a mock, a tracer. */
function isNodesOwn(): boolean {
  if (globalThis.fetch !== nodesFetch) return false;
  const dispatcher = globalDispatcher();
  if (dispatcher !== known) {
    known = dispatcher;
    knownIsOwn = dispatcher === undefined || isDefaultAgent(dispatcher);
  }
  return knownIsOwn;
}

let known: unknown;
let knownIsOwn = true;

/** Node sets an undici `Agent` without options. It cannot be compared with: Node does not export its class. */
function isDefaultAgent(dispatcher: object): boolean {
  if (types.isProxy(dispatcher) || dispatcher.constructor.name !== 'Agent') return false;
  const symbol = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === 'options');
  if (symbol === undefined) return false;
  const options: unknown = Object.getOwnPropertyDescriptor(dispatcher, symbol)?.value;
  return Object.entries(options ?? {}).every(([name, value]) => value === undefined || name === 'maxOrigins');
}
