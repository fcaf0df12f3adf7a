// The lab's only address: the page, its controls, and a proxy to the server, which may be down for a moment.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { PageFile } from './page.ts';
import { breakReply } from './reply-faults.ts';
import { parseTurn, TURN_HEADER } from './turn.ts';

export interface FrontOptions {
  readonly page: ReadonlyMap<string, PageFile>;
  readonly token: string;
  /** The server; null while it is down. */
  readonly app: () => FastifyInstance | null;
  /** The controls, by method and path. Each answers with JSON. */
  readonly controls: Readonly<Record<string, Control>>;
}

export type Control = (asked: { readonly query: URLSearchParams; readonly body: string }) => unknown;

const HOSTS = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

export interface Front {
  readonly http: Server;
  /** Breaks the server's connections, as a crash would. */
  breakServed(): void;
}

export function openFront(options: FrontOptions): Front {
  const served = new Set<ServerResponse>();
  const http = createServer((request, response) => {
    answer(request, response, options, served).catch((error: unknown) => fail(response, error));
  });
  return {
    http,
    breakServed() {
      for (const response of served) response.destroy();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { page, token, app, controls }: FrontOptions,
  served: Set<ServerResponse>,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://lab');
  // Against DNS rebinding.
  if (!HOSTS.test(request.headers.host ?? '')) return sendJson(response, 403, { error: 'not this host' });
  const file = request.method === 'GET' ? page.get(pathname) : undefined;
  if (file !== undefined) return sendFile(response, file);
  const control = controls[`${request.method} ${pathname}`];
  if (control !== undefined) {
    if (request.headers.authorization !== `Bearer ${token}`) return sendJson(response, 401, { error: 'no token' });
    return sendJson(response, 200, await control({ query, body: await bodyOf(request) }));
  }
  const server = app();
  // As when a server is down: no answer.
  if (server === null) return void response.destroy();
  breakReply(response, parseTurn(request.headers[TURN_HEADER]).fault);
  served.add(response);
  response.once('close', () => served.delete(response));
  server.routing(request, response);
}

function sendFile(response: ServerResponse, { type, text, policy, cache = 'no-store' }: PageFile): void {
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': cache,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(policy === undefined ? {} : { 'content-security-policy': policy }),
  });
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body ?? {}));
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
