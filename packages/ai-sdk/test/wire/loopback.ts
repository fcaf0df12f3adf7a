// A service on the loopback that answers with the bytes it is given and remembers what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks: readonly string[];
  /** What becomes of the connection after the chunks: it ends, it stays open in silence, or it breaks. */
  readonly ending?: 'end' | 'hold' | 'reset';
}

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  /** Resolves when the connection of the answer is over: true when the reader left before the end. */
  readonly leftEarly: Promise<boolean>;
}

export interface Loopback extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** Answers in order. Disposing throws when an answer was not asked for. */
export async function serve(...answers: readonly Answer[]): Promise<Loopback> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const leftEarly = Promise.withResolvers<boolean>();
    response.once('close', () => leftEarly.resolve(!response.writableFinished));
    const body = (await json(request)) as Record<string, unknown>;
    asked.push({ path: request.url ?? '', headers: request.headers, body, leftEarly: leftEarly.promise });
    const answer = answers[asked.length - 1] ?? { status: 500, chunks: ['unscripted'] };
    response.writeHead(answer.status ?? 200, { 'content-type': 'text/event-stream', ...answer.headers });
    for (const chunk of answer.chunks) await new Promise((written) => response.write(chunk, written));
    if (answer.ending === 'reset') response.destroy();
    else if (answer.ending !== 'hold') response.end();
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      if (asked.length !== answers.length)
        throw new Error(`${asked.length} of ${answers.length} answers were asked for`);
    },
  };
}

/** A body of JSON. */
export function whole(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, chunks: [JSON.stringify(body)] };
}
