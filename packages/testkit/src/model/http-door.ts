// A local HTTP server in front of a model, with real sockets, backpressure and resets.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routeOf } from '../request/recorded.ts';
import type { Exchange, Exchanges, Sink } from './exchange.ts';

export interface HttpDoor {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** Breaks every open connection. */
  close(): Promise<void>;
}

export interface HttpDoorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Does not keep the process alive. */
  readonly unref?: boolean;
  /** Handles requests that are not model calls; returns false for those it does not handle. */
  readonly other?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export async function openHttpDoor(exchanges: Exchanges, options: HttpDoorOptions = {}): Promise<HttpDoor> {
  const server = createServer((request, response) => {
    // A request that breaks off half-way has no reader left to answer.
    answer(request, response, exchanges, options).catch(() => response.destroy());
  });
  if (options.unref === true) {
    server.unref();
    server.on('connection', (socket) => socket.unref());
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      exchanges.closeAll();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  exchanges: Exchanges,
  options: HttpDoorOptions,
): Promise<void> {
  const path = request.url ?? '/';
  const route = routeOf(request.method, path.split('?')[0] ?? path);
  if (route === null) {
    if (options.other?.(request, response) !== true) refuse(request, response, exchanges);
    return;
  }
  const body = await readText(request);
  const exchange = exchanges.open({
    ...route,
    method: request.method ?? 'GET',
    path,
    headers: headersOf(request),
    body,
  });
  response.on('close', () => exchange.readerLeft());
  if (response.destroyed) return exchange.readerLeft();
  if (!(await exchange.ready())) return;
  if (exchange.plan.status === null) {
    exchange.close();
    response.destroy();
    return;
  }
  response.writeHead(exchange.plan.status, exchange.plan.headers);
  response.flushHeaders();
  await exchange.play(sinkOf(response, exchange));
}

function sinkOf(response: ServerResponse, exchange: Exchange): Sink {
  return {
    write(bytes) {
      if (response.destroyed) exchange.wroteTooLate(bytes.length);
      return new Promise((resolve) => {
        const lost = (): void => resolve(false);
        response.once('close', lost);
        response.write(bytes, (error) => {
          response.off('close', lost);
          resolve(error == null);
        });
      });
    },
    end: () => response.end(),
    reset: () => response.destroy(),
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, exchanges: Exchanges): void {
  const message = `not a model call: ${request.method} ${request.url}`;
  exchanges.problems.push(message);
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'testkit', param: null, code: 'not_found' } }));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headersDistinct);
  return Object.fromEntries(entries.map(([name, values = []]) => [name, values.join(', ')]));
}
