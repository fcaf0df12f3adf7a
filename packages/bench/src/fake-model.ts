// The model every peer talks to: it answers at once, paced or half, and counts who left before the end.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { chatCalls, chatFrames, chatJson, chatThoughts } from './chat-wire.ts';
import { FakeBackground } from './fake-background.ts';
import { responsesCalls, responsesFrames, responsesJson } from './responses-wire.ts';
import { CALLS_A_ROUND, type Frames } from './wire.ts';

const PACE_MS = 10;
const STARTED = /\/responses\/(\w+)$/;
const ROUTE = /^\/(burst|reasoned|paced|held)(?:-after-(\d+))?\/(\d+)\/v1\/(chat\/completions|responses)$/;

export interface PrivateCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface FakeModel extends AsyncDisposable {
  readonly origin: string;
}

/**
 * Listens on a free port of 127.0.0.1. With a certificate it speaks TLS. `GET /closed-early` tells how many streams were closed before their end, and
 * `GET /connections` how many connections are open.
 */
export async function startFakeModel(certificate: PrivateCertificate | null = null): Promise<FakeModel> {
  let answers = 0;
  let closedEarly = 0;
  const background = new FakeBackground();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/closed-early') {
      response.end(String(closedEarly));
      return;
    }
    if (request.url === '/connections') {
      server.getConnections((_error, count) => response.end(String(count)));
      return;
    }
    const id = STARTED.exec(request.url ?? '')?.[1];
    if (id !== undefined) {
      sendJson(response, background.look(id));
      return;
    }
    response.on('close', () => {
      if (!response.writableFinished) closedEarly += 1;
    });
    answers += 1;
    const number = answers;
    readBody(request, (body) => answer(request.url ?? '', { body, number, background }, response));
  };
  const server: Server = certificate === null ? createServer(listener) : createTlsServer(certificate, listener);
  // A connection must not be closed in the moment a client takes it up again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scheme = certificate === null ? 'http' : 'https';
  return { origin: `${scheme}://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function readBody(request: IncomingMessage, then: (body: string) => void): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => (body += part));
  request.on('end', () => then(body));
}

interface Asked {
  readonly body: string;
  readonly number: number;
  readonly background: FakeBackground;
}

function answer(url: string, { body, number, background }: Asked, response: ServerResponse): void {
  const [, delivery, rounds = '0', count, path] = ROUTE.exec(url) ?? [];
  if (delivery === undefined || path === undefined) {
    response.writeHead(404).end();
    return;
  }
  const chunks = Number(count);
  const chat = path !== 'responses';
  const asked = JSON.parse(body) as { readonly stream?: boolean; readonly background?: boolean };
  if (asked.background === true) return sendJson(response, background.start(number, chunks));
  if (asked.stream !== true) return sendJson(response, chat ? chatJson(number, chunks) : responsesJson(number, chunks));
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const round = resultsIn(body) / CALLS_A_ROUND;
  if (round < Number(rounds)) {
    response.end(chat ? chatCalls(number, round) : responsesCalls(number, round));
    return;
  }
  const thoughts = delivery === 'reasoned' ? chunks : 0;
  const frames = chat ? chatFrames(number, chunks) : responsesFrames(number, chunks, thoughts);
  if (chat && thoughts > 0) response.write(chatThoughts(number, thoughts));
  if (delivery === 'burst' || delivery === 'reasoned')
    response.end(frames.opening + frames.chunks.join('') + frames.ending);
  else if (delivery === 'paced') pace(frames, response);
  else response.write(frames.opening + frames.chunks.slice(0, frames.chunks.length / 2).join(''));
}

function sendJson(response: ServerResponse, json: object | null): void {
  response.writeHead(json === null ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

/** Tool results that the request carries, in the words of either API. */
function resultsIn(body: string): number {
  return body.match(/"role":"tool"|"type":"function_call_output"/g)?.length ?? 0;
}

function pace({ opening, chunks, ending }: Frames, response: ServerResponse): void {
  let sent = 0;
  response.write(opening);
  const timer = setInterval(() => {
    const chunk = chunks[sent];
    sent += 1;
    if (chunk === undefined) response.end(ending);
    else response.write(chunk);
  }, PACE_MS);
  response.on('close', () => clearInterval(timer));
}
