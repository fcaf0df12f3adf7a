// docs/recipes/container.md: the server that the image starts, as the container runtime treats it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { asked, scripted, token } from './scripted.ts';

const server = fileURLToPath(new URL('../../src/recipes/container/server.ts', import.meta.url));

/** The address in the line that Fastify logs when it listens. */
async function addressIn(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('The server ended before it listened.');
}

test('the server is healthy, answers, and ends cleanly on SIGTERM', async () => {
  await using service = await scripted(reply('Packed.'));
  const data = await mkdtemp(join(tmpdir(), 'container-'));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', server], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      DATA: data,
      TOKEN: token,
      HOSTS: '127.0.0.1',
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: service.model.baseURL,
    },
  });
  const ended = once(child, 'exit');
  const url = await addressIn(child.stdout);

  const health = await fetch(`${url}/healthz`);
  const { text } = await asked({ url, token, message: 'Where is order 7?' });
  child.kill('SIGTERM');

  expect([health.status, text]).toEqual([200, 'Packed.']);
  expect(await ended).toEqual([0, null]);
  await rm(data, { recursive: true });
});
