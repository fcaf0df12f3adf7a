// One try from the POST to its answer: what is posted, over which connection, and what counts of the answer.
import diagnostics from 'node:diagnostics_channel';
import { afterEach, expect, test, vi } from 'vitest';
import { sendCallback } from '../../src/callback/send.ts';
import { callbackSigner } from '../../src/callback/signer.ts';
import { receive } from './receiver.ts';
import { development, runNotifying, secret, send, sentAt, signal } from './try.ts';

afterEach(() => void vi.useRealTimers());

test.each(['completed', 'incomplete', 'failed', 'cancelled'] as const)(
  'the receiver gets a callback that a run is %s',
  async (state) => {
    await using receiver = await receive();
    const run = runNotifying(receiver.url, state);

    const outcome = await sendCallback(run, callbackSigner(secret), signal, development);

    expect(outcome).toEqual({ status: 204, retryAfterMs: null });
    expect(receiver.requests.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: `run.${state}`,
        timestamp: '2025-11-13T02:13:17.500Z',
        data: { runId: 'run_1', sessionId: 'session_1', state },
      },
    ]);
  },
);

test('it is a POST of JSON to the path and query of the URL', async () => {
  const seen: unknown[] = [];
  await using receiver = await receive((response, { method, url, headers }) => {
    seen.push(method, url, headers['content-type'], headers.host);
    response.end();
  });

  await send(receiver);

  expect(seen).toEqual(['POST', '/hook?token=abc', 'application/json', `127.0.0.1:${receiver.port}`]);
});

test.each([200, 204, 400, 404, 410, 500])('the status of the answer, %i, is the outcome', async (status) => {
  await using receiver = await receive((response) => response.writeHead(status).end());

  const outcome = await send(receiver);

  expect(outcome).toEqual({ status, retryAfterMs: null });
});

test.each([
  ['120', 120_000],
  ['0', 0],
  [new Date(sentAt + 90_000).toUTCString(), 90_000],
  [new Date(sentAt - 90_000).toUTCString(), 0],
  ['soon', null],
])('a receiver that asks for a wait of "%s" is heard', async (header, retryAfterMs) => {
  vi.useFakeTimers({ now: sentAt, toFake: ['Date'] });
  await using receiver = await receive((response) => response.writeHead(503, { 'retry-after': header }).end());

  const outcome = await send(receiver);

  expect(outcome).toEqual({ status: 503, retryAfterMs });
});

test.each([301, 302, 303, 307, 308])('a redirect, %i, is not followed', async (status) => {
  await using canary = await receive();
  await using receiver = await receive((response) => response.writeHead(status, { location: canary.url }).end());

  const outcome = await send(receiver);

  expect(outcome.status).toBe(status);
  expect(receiver.requests).toHaveLength(1);
  expect(await canary.connections()).toBe(0);
});

test('each try has its own connection, which is closed after it', async () => {
  await using receiver = await receive((response) => response.writeHead(200, { connection: 'keep-alive' }).end('ok'));

  await send(receiver);
  await send(receiver);

  await receiver.left();
  expect(await receiver.connections()).toBe(2);
});

test('an answer of some size is read to its end, so that its sender sees no broken connection', async () => {
  let bytes = 0;
  diagnostics.subscribe('undici:request:bodyChunkReceived', (message) => {
    bytes += (message as { chunk: Buffer }).chunk.length;
  });
  await using receiver = await receive((response) => {
    response.writeHead(200).flushHeaders();
    setImmediate(() => response.end('x'.repeat(60_000)));
  });

  const outcome = await send(receiver);

  expect([outcome.status, bytes]).toEqual([200, 60_000]);
});

test('of an endless answer at most 64 KiB are read, and its status counts', async () => {
  let bytes = 0;
  diagnostics.subscribe('undici:request:bodyChunkReceived', (message) => {
    bytes += (message as { chunk: Buffer }).chunk.length;
  });
  await using receiver = await receive((response) => {
    const flood = (): void => {
      while (response.write('x'.repeat(1_000)));
    };
    response.writeHead(200).on('drain', flood);
    flood();
  });

  const outcome = await send(receiver);

  await receiver.left();
  expect(outcome.status).toBe(200);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(64 * 1024);
});
