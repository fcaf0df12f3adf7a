// One request over node:http and node:https, with the outcomes of fetch: the same answers, redirects and errors.
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { ACCEPT_ENCODING } from './decoded.ts';
import { listOf } from './kept-headers.ts';
import { toResponse } from './node-response.ts';
import { isRedirect, MAX_REDIRECTS, type Outgoing, redirected } from './redirect.ts';
import { SilenceError } from './silence-error.ts';

export interface PlainInit {
  readonly method?: string;
  readonly headers: Headers;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/** A connection that nobody used for so long is closed, unless the server has asked for less. */
const IDLE_CONNECTION_MS = 30_000;

const AGENTS = {
  'http:': new http.Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS }),
  'https:': new https.Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS }),
};

/**
 * Resolves with the answer to a request, redirects followed. Rejects with the signal's reason, or with a `TypeError` whose
 * cause has the `code`. Fails once the answer goes `waitMs` without a byte.
 */
export async function fetchOverHttp(url: string, init: PlainInit, waitMs: number): Promise<Response> {
  const { method = 'GET', headers, body, signal } = init;
  signal?.throwIfAborted();
  try {
    let request: Outgoing = { url: parsed(url), method, headers, body };
    for (let left = MAX_REDIRECTS; ; left -= 1) {
      const message = await sent(request, waitMs, signal);
      const next = leadsOn(message, request, left);
      if (next === null) return toResponse(message, request.url.href, signal);
      request = next;
    }
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw new TypeError('fetch failed', { cause: error });
  }
}

/** The request that a redirect asks for; null for an answer. */
function leadsOn(message: IncomingMessage, request: Outgoing, left: number): Outgoing | null {
  const { statusCode = 0 } = message;
  if (!isRedirect(statusCode) || message.headers.location === undefined) return null;
  message.resume();
  if (left === 0) throw new Error('redirect count exceeded');
  return redirected(request, statusCode, message.headers.location);
}

/** A client asks at one address all its life. */
let latest: URL = new URL('http://localhost');
function parsed(url: string): URL {
  if (latest.href !== url) latest = new URL(url);
  if (latest.username !== '' || latest.password !== '') throw new TypeError('the URL includes credentials');
  return latest;
}

/** A kept connection may have been closed at the other end in this moment. That is tried again, once, on a new one. */
async function sent(request: Outgoing, waitMs: number, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const first = started(request, AGENTS[request.url.protocol as keyof typeof AGENTS]);
  try {
    return await answerTo(first, request.body, waitMs, signal);
  } catch (error) {
    if (!first.reusedSocket || signal?.aborted === true || !isClosedByPeer(error)) throw error;
    return answerTo(started(request, false), request.body, waitMs, signal);
  }
}

function isClosedByPeer(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function started({ url, method, headers, body }: Outgoing, agent: http.Agent | false): ClientRequest {
  const { request } = url.protocol === 'https:' ? https : http;
  return request({
    agent,
    hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port,
    path: url.pathname + url.search,
    method,
    headers: rawHeaders(url, headers, method === 'GET' || method === 'HEAD' ? undefined : (body ?? '')),
  });
}

/** As a flat list, which node:http writes as it is. */
function rawHeaders({ host }: URL, headers: Headers, body: string | Uint8Array<ArrayBuffer> | undefined): string[] {
  const raw = ['host', host, ...listOf(headers)];
  if (!raw.includes('accept-encoding')) raw.push('accept-encoding', ACCEPT_ENCODING);
  if (body !== undefined) raw.push('content-length', String(Buffer.byteLength(body)));
  return raw;
}

function answerTo(
  request: ClientRequest,
  body: string | Uint8Array<ArrayBuffer> | undefined,
  waitMs: number,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let open: ClientRequest | IncomingMessage = request;
    const abort = (): void => void open.destroy();
    signal?.addEventListener('abort', abort);
    request.on('response', (message) => {
      open = message;
      resolve(message);
    });
    request.on('error', reject);
    request.on('close', () => signal?.removeEventListener('abort', abort));
    request.setTimeout(waitMs, () => open.destroy(new SilenceError(waitMs)));
    request.end(body);
  });
}
