// One route of your own behind Node's HTTP server, on any free port of this machine.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export async function serveRoute(route: Route): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    // Ignores errors.
    route(request, response).catch(() => response.end());
  });
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
