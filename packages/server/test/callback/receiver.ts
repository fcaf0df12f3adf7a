// A receiver of callbacks on this machine, which keeps what came and counts who connected.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Receiver extends AsyncDisposable {
  readonly port: number;
  /** Such as `http://127.0.0.1:41234/hook?token=abc`. */
  readonly url: string;
  readonly requests: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** How many connections there were before this one, which is made to be sure that none is still under way. */
  connections(): Promise<number>;
  /** Resolves when every connection is closed by the other side. */
  left(): Promise<void>;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export async function receive(answer: Answer = (response) => void response.writeHead(204).end()): Promise<Receiver> {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  const closings: Promise<unknown>[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ headers: request.headers, body });
      answer(response, request);
    });
  });
  server.on('connection', (socket) => {
    // Not `once()`, which rejects when the other side resets the connection.
    closings.push(new Promise((resolve) => socket.on('close', resolve)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hook?token=abc`,
    requests,
    async connections() {
      const arrived = once(server, 'connection');
      const socket = connect(port, '127.0.0.1');
      await Promise.all([once(socket, 'connect'), arrived]);
      socket.destroy();
      return closings.length - 1;
    },
    async left() {
      await Promise.all(closings);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
