// A request that is sent again, because its kept connection was closed.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { newTransport } from '../../src/transport/node-transport.ts';
import { hello, post, textOf } from './both-transports.ts';
import { type Answer, serveRaw } from './raw-server.ts';

const transport = newTransport();
const dropped: Answer = (_response, _request, socket) => void socket.destroy();

test('an abort while it is sent again closes the new connection too', async () => {
  const left = new AbortController();
  const reason = new Error('left');
  await using server = await serveRaw([hello, dropped, () => left.abort(reason)]);
  await textOf(await transport(server.origin, post()));
  await expect.poll(() => server.requests.length).toBe(1);

  const error = await transport(server.origin, post({ signal: left.signal })).catch((thrown: unknown) => thrown);

  expect(error).toBe(reason);
  expect([server.requests.length, server.sockets.length]).toEqual([3, 2]);
  await expect.poll(() => server.sockets[1]!.destroyed).toBe(true);
});

test('a body that was only half taken is sent again whole', async () => {
  const body = 'x'.repeat(4 * 1024 * 1024);
  const lengths: number[] = [];
  let isClosing = false;
  const server = createServer((request, response) => {
    if (isClosing && lengths.length === 1) {
      isClosing = false;
      request.socket.destroy();
      return;
    }
    void text(request).then(({ length }) => {
      lengths.push(length);
      response.end('hello');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await textOf(await transport(url, post()));
  isClosing = true;

  const answer = await textOf(await transport(url, post({ body })));

  expect(answer).toBe('hello');
  expect(lengths).toEqual([16, body.length]);
  server.closeAllConnections();
  server.close();
});
