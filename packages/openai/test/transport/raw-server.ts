// A server that a test writes itself, request by request, and what it saw of its clients.
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface RawServer extends AsyncDisposable {
  readonly origin: string;
  readonly requests: readonly Seen[];
  /** Every connection there was. */
  readonly sockets: readonly Socket[];
}

export type Answer = (response: ServerResponse, request: Seen, socket: Socket) => void;

/** Answers request by request; the last answer serves all that follow. */
export async function serveRaw(
  answers: readonly Answer[],
  { secure = false }: { readonly secure?: boolean } = {},
): Promise<RawServer> {
  const requests: Seen[] = [];
  const sockets: Socket[] = [];
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const seen = { method, path, headers, body };
      requests.push(seen);
      const answer = answers[requests.length - 1] ?? answers.at(-1);
      answer?.(response, seen, request.socket);
    });
  };
  const server = secure ? createHttpsServer({ cert: CERTIFICATE, key: KEY }, listener) : createHttpServer(listener);
  server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    sockets,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** For 127.0.0.1, signed by itself, valid until 2126. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUXPRas5tLa7uTiw3Yj588ExxQMzAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODAxMDUzOFoYDzIxMjYxMTA0
MDEwNTM4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ2TY4900rGcPeBqb98T81A5ja2vqTxJWZi0R1C5/nxtI755AxIyvYd
3lu4TxhnvHD9a31CCIvK7Tjv9eci/qxbo28wbTAdBgNVHQ4EFgQUUjDLf2F3rfrH
l/07zuDwFfpPBEswHwYDVR0jBBgwFoAUUjDLf2F3rfrHl/07zuDwFfpPBEswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgAZ/zusyW4KxW1gHUxDP62vUjTVwwTmelub1M6CXxXAkCIQC1
FLgMLTYZgA6OBZNWvnFeahWhXbIKE5hTRy/U3xKr1g==
-----END CERTIFICATE-----`;

const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgb3yUZh8D85a9ujgC
dWmY2BZZFIJvYXqTOGfkK50pXcqhRANCAAQ2TY4900rGcPeBqb98T81A5ja2vqTx
JWZi0R1C5/nxtI755AxIyvYd3lu4TxhnvHD9a31CCIvK7Tjv9eci/qxb
-----END PRIVATE KEY-----`;
