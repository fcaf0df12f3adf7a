// A recording's script over a real socket, request by request, looks at background responses included: the testkit's
// scripted service answers those by itself, and a recording holds what was really answered.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GoldenTrace, Json, ScriptEntry } from './golden-trace.ts';
import { frameOf, lookAt } from './play-script.ts';

export interface GoldenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | null;
  readonly closedEarly: boolean;
  readonly closed: Promise<void>;
}

export interface GoldenModel {
  readonly origin: string;
  readonly baseURL: string;
  readonly requests: readonly GoldenRequest[];
}

export async function serveScript(trace: GoldenTrace): Promise<GoldenModel & AsyncDisposable> {
  const script = [...trace.script, ...lookAt(trace)];
  const requests: GoldenRequest[] = [];
  const server = createServer((request, response) => {
    const entry = script[requests.length] ?? { status: 500, json: { error: { message: 'unscripted' } } };
    void answer(entry, request, response, requests);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin, baseURL: `${origin}/v1`, requests, [Symbol.asyncDispose]: close };
}

async function answer(
  entry: ScriptEntry,
  request: IncomingMessage,
  response: ServerResponse,
  requests: GoldenRequest[],
): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { method = '', url: path = '' } = request;
  const headers = request.headers as Readonly<Record<string, string>>;
  const record = { method, path, headers, body: null as Json | null, closedEarly: false, closed };
  requests.push(record);
  response.on('close', () => {
    record.closedEarly = !response.writableFinished;
    resolve();
  });
  const text = (await Array.fromAsync(request.setEncoding('utf8'))).join('');
  record.body = text === '' ? null : (JSON.parse(text) as Json);
  if (entry.sse === undefined) {
    response.writeHead(entry.status ?? 200, { 'content-type': 'application/json', ...entry.headers });
    response.end(JSON.stringify(entry.json));
    return;
  }
  response.writeHead(entry.status ?? 200, { 'content-type': 'text/event-stream', ...entry.headers });
  const frames = framesFor(entry, new URL(path, 'http://model.test').searchParams.get('starting_after'));
  response.write(frames.slice(0, entry.hold?.before_frame).join(''));
  // A recorded hold lasts until the reader leaves; here it has to.
  if (entry.hold === undefined) response.end();
}

function framesFor({ sse = [], honour_starting_after }: ScriptEntry, startingAfter: string | null): readonly string[] {
  const after = honour_starting_after === true && startingAfter !== null ? Number(startingAfter) : -1;
  const wanted = sse.filter(({ data }) => ((data as { sequence_number?: number }).sequence_number ?? 0) > after);
  return wanted.map(frameOf);
}
