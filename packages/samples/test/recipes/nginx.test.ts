// docs/recipes/nginx.md: what the server says to proxies, and where nginx is installed, a stream through it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '@turnstream/server';
import { reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { inMemory, scripted, token } from './scripted.ts';

const nginx = process.env['NGINX_PATH'] || 'nginx';
const hasNginx = spawnSync(nginx, ['-v']).status === 0;
const conf = new URL('../../src/recipes/nginx/nginx.conf', import.meta.url);

const question = {
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: JSON.stringify({ message: 'Count.' }),
};

test('a stream tells proxies neither to buffer nor to change it', async () => {
  await using service = await scripted(reply('One.'));
  const app = await createApp({ ...inMemory(), agent: { client: service.client } });

  const { headers } = await app.inject({ ...question, method: 'POST', url: '/chat/stream' });

  expect(headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  await app.close();
});

/** Picks a port below the range that the system assigns from: a test that listens on port 0 cannot get it. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return freePort();
  }
  await once(server.close(), 'close');
  return port;
}

/** nginx in a folder of its own, with the recipe's configuration on free ports. */
async function proxyTo(upstream: string): Promise<{ url: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  const text = (await readFile(conf, 'utf8')).replace('127.0.0.1:3000', upstream).replace('8080', `127.0.0.1:${port}`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`);
  const local = `pid ${folder}/pid; error_log ${folder}/log;\n${text}`.replace(
    'http {',
    `http { access_log off; ${paths.join(' ')}`,
  );
  await writeFile(join(folder, 'nginx.conf'), local);
  const child = spawn(nginx, ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;'], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(async () => (await fetch(`${url}/healthz`)).status).toBe(200);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

test.skipIf(!hasNginx)('through nginx each event comes as it was sent', { tags: ['nginx'] }, async () => {
  await using service = await scripted(reply(['One ', 'two'], { fault: stallAfter({ chunks: 1 }) }));
  const app = await createApp({ ...inMemory(), agent: { client: service.client } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  await using proxy = await proxyTo(`127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  const leaving = new AbortController();

  const response = await fetch(`${proxy.url}/chat/stream`, { ...question, signal: leaving.signal });
  let seen = '';
  for await (const bytes of response.body!.values({ preventCancel: true })) {
    seen += new TextDecoder().decode(bytes);
    if (seen.includes('One ')) break;
  }
  leaving.abort();
  await service.model.requests[0]!.closed;

  expect(seen).toContain('{"text":"One "}');
  expect(service.model.requests[0]!.closedEarly).toBe(true);
  await app.close();
});
