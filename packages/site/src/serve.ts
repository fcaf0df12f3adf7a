// Serves the built site on loopback, as any host of static files would.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface ServedSite extends AsyncDisposable {
  /** With the base. */
  readonly url: string;
}

/** `port` 0 takes any free one. */
export async function serve(folder: string, base: string, port: number): Promise<ServedSite> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    void answer(folder, base, decodeURI(pathname)).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  folder: string,
  base: string,
  path: string,
): Promise<{ readonly status: number; readonly type: string; readonly body: Uint8Array }> {
  const inside = path.startsWith(base) ? normalize(`/${path.slice(base.length)}`) : '/404.html';
  const file = inside.endsWith('/') ? `${inside}index.html` : inside;
  try {
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    return { status: file === '/404.html' ? 404 : 200, type, body: await readFile(join(folder, file)) };
  } catch {
    return { status: 404, type: 'text/html; charset=utf-8', body: await readFile(join(folder, '404.html')) };
  }
}
