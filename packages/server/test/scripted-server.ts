// A server that answers with the bytes a test gives it, and keeps what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Settles when the connection of the answer is closed. */
  readonly closed: Promise<void>;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** One answer for each request, in order; the last one again and again. */
export async function scriptedServer(...answers: readonly Answer[]): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const closed = new Promise<void>((resolve) => response.on('close', () => resolve()));
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, url, headers, body, closed });
      (answers[asked.length - 1] ?? answers.at(-1))?.(response, request);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };

/** These bytes as they are, one write each, then the end. */
export function stream(...pieces: readonly (string | Uint8Array)[]): Answer {
  return (response) => {
    response.writeHead(200, SSE);
    for (const piece of pieces) response.write(piece);
    response.end();
  };
}

/** These bytes, and then the connection breaks. */
export function broken(...pieces: readonly (string | Uint8Array)[]): Answer {
  return (response) => {
    response.writeHead(200, SSE);
    response.flushHeaders();
    for (const piece of pieces.slice(0, -1)) response.write(piece);
    const last = pieces.at(-1);
    if (last === undefined) response.destroy();
    else response.write(last, () => response.destroy());
  };
}

/** These bytes, and then silence. */
export function open(...pieces: readonly string[]): Answer {
  return (response) => {
    response.writeHead(200, SSE);
    response.flushHeaders();
    for (const piece of pieces) response.write(piece);
  };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** One frame as the server writes it. */
export function frame(id: string, event: string, payload: object): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(payload)}\n\n`;
}
