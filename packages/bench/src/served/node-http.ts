// The floor of a served stream: a route written by hand on `node:http`, without identities, limits or storage.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Served } from './server.ts';
import { Words } from './words.ts';

export async function nodeHttp(): Promise<Served> {
  const server = createServer((request, response) => void answer(request, response));
  server.keepAliveTimeout = 0;
  await once(server.listen({ host: '127.0.0.1', port: 0, backlog: 5_000 }), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    token: 'none',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { message } = (await json(request)) as { message: string };
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  let id = 0;
  const send = (event: string, payload: object): boolean => {
    id += 1;
    return response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(payload)}\n\n`);
  };
  send('session', { sessionId: null, runId: null, mode: 'replace' });
  for (const words = new Words(message); !words.isOver; ) {
    const text = words.ready() ?? (await words.wait());
    if (response.destroyed) return;
    if (!send('update', { text })) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  send('done', { status: 'completed', finishReason: null, usage: null });
  response.end();
}
