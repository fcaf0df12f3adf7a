// A route as it is often written first. Do not use it: closed-tab.ts shows what it costs, and its test what it believes.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Agent } from '@turnstream/core';

export interface NaiveOptions {
  /** Looks with each word whether the reader is still there. */
  readonly looksEachWord: boolean;
}

export async function serveNaively(
  agent: Agent,
  { looksEachWord }: NaiveOptions,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    // Nobody hears of what went wrong.
    answer(request, response).catch(() => response.end());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { message } = (await json(request)) as { message: string };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const { text } of agent.runStreaming(message)) {
      if (looksEachWord && response.destroyed) break;
      if (text !== '') response.write(`data: ${text}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
