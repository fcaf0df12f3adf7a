// A proxy that can end an answer cleanly in its middle, as some do when the server behind them is gone.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CutProxy extends AsyncDisposable {
  readonly url: string;
  /** Ends every answer that is under way, as if it were complete. */
  cut(): void;
}

export async function openCutProxy(target: string): Promise<CutProxy> {
  const answers = new Map<ServerResponse, IncomingMessage>();
  const server = createServer((asked, response) => {
    const { method, headers, url = '/' } = asked;
    const upstream = request(target + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answers.set(response, answer);
      answer.pipe(response).once('close', () => answers.delete(response));
    });
    upstream.on('error', () => response.destroy());
    asked.pipe(upstream);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const [response, answer] of answers) {
        answer.unpipe(response);
        response.end();
        answer.destroy();
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
