// A proxy in front of a server that can end an answer cleanly where it likes, as no server here does.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CutProxy extends AsyncDisposable {
  readonly url: string;
  /** Ends every answer that is under way, as if it were complete. */
  endCleanly(): void;
}

export async function openProxy(target: string): Promise<CutProxy> {
  const open = new Map<ServerResponse, IncomingMessage>();
  const server = createServer((asked, response) => {
    const { method, headers, url = '/' } = asked;
    const upstream = request(target + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      open.set(response, answer);
      answer.pipe(response);
      answer.once('close', () => open.delete(response));
    });
    upstream.on('error', () => response.destroy());
    asked.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    endCleanly() {
      for (const [response, answer] of open) {
        answer.unpipe(response);
        response.end();
        answer.destroy();
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
