// Requests and answers, the same over both transports: redirects, encodings, connections used again.
import { setImmediate } from 'node:timers/promises';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { hello, post, rejection, TRANSPORTS, textOf } from './both-transports.ts';
import { serveRaw } from './raw-server.ts';

describe.each(TRANSPORTS)('over %s', (_, transport) => {
  test('a request arrives as it was given, with its length', async () => {
    await using server = await serveRaw([hello]);

    await textOf(await transport(`${server.origin}/v1/responses?api-version=1`, post()));

    const headers = { authorization: 'Bearer key', 'content-type': 'application/json', 'content-length': '18' };
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/v1/responses?api-version=1', headers, body: '{"text":"Grüße"}' },
    ]);
    expect(server.requests[0]!.headers.host).toBe(new URL(server.origin).host);
  });

  test.each([
    ['bytes', new TextEncoder().encode('Grüße'), 'Grüße', '7'],
    ['nothing', undefined, '', '0'],
  ])('%s can be posted', async (_name, body, text, length) => {
    await using server = await serveRaw([hello]);

    await textOf(await transport(server.origin, { method: 'POST', headers: new Headers(), ...(body && { body }) }));

    expect(server.requests).toMatchObject([{ body: text, headers: { 'content-length': length } }]);
  });

  test('an answer has its status and its headers, repeated ones too', async () => {
    await using server = await serveRaw([
      (response) => {
        response.writeHead(202, 'Fine', [
          ['X-Request-Id', 'Req_1'],
          ['Retry-After', '1'],
          ['Retry-After', '2'],
          ['X-Team', 'red'],
          ['x-team', 'blue'],
        ]);
        response.end('{}');
      },
    ]);

    const response = await transport(server.origin, post());

    const { ok, status, statusText, headers } = response;
    expect([ok, status, statusText, await textOf(response)]).toEqual([true, 202, 'Fine', '{}']);
    const names = ['x-request-id', 'retry-after', 'x-team', 'x-none'];
    expect(names.map((name) => headers.get(name))).toEqual(['Req_1', '1, 2', 'red, blue', null]);
  });

  test('an error answer can be read in one piece', async () => {
    await using server = await serveRaw([(response) => void response.writeHead(429).end('{"error":"slow down"}')]);

    const response = await transport(server.origin, post());

    expect([response.ok, response.status, await response.text()]).toEqual([false, 429, '{"error":"slow down"}']);
  });

  test('an answer without a body has none', async () => {
    await using server = await serveRaw([(response) => void response.writeHead(204).end()]);

    const { status, body } = await transport(server.origin, post());

    expect([status, body]).toEqual([204, null]);
  });

  test.each([200, 204])('one connection serves one request after the other, each answered with %i', async (status) => {
    await using server = await serveRaw([
      (response) => void response.writeHead(status).end(status === 200 ? 'hello' : undefined),
    ]);

    for (let request = 0; request < 3; request += 1) {
      await textOf(await transport(server.origin, post()));
      await setImmediate();
    }

    expect(server.requests).toHaveLength(3);
    expect(server.sockets).toHaveLength(1);
  });

  test.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', '{"text":"Grüße"}'],
    [308, 'POST', '{"text":"Grüße"}'],
  ])('a redirect with %i is followed with %s', async (status, method, body) => {
    await using server = await serveRaw([
      (response) => void response.writeHead(status, { location: '/elsewhere' }).end('moved'),
      hello,
    ]);

    const response = await transport(server.origin, post());

    expect([response.status, await textOf(response)]).toEqual([200, 'hello']);
    expect(server.requests[1]).toMatchObject({ method, body, path: '/elsewhere' });
    expect(server.requests[1]!.headers).toMatchObject({ authorization: 'Bearer key' });
    expect('content-type' in server.requests[1]!.headers).toBe(method === 'POST');
  });

  test.each([
    [301, 'GET'],
    [302, 'DELETE'],
    [303, 'HEAD'],
    [303, 'GET'],
  ])('a redirect with %i is followed with %s if that is what was sent', async (status, method) => {
    await using server = await serveRaw([
      (response) => void response.writeHead(status, { location: '/elsewhere' }).end(),
      hello,
    ]);

    await textOf(await transport(server.origin, { method, headers: new Headers() }));

    expect(server.requests).toMatchObject([{ method }, { method, path: '/elsewhere' }]);
    if (method !== 'DELETE') expect(server.requests[1]!.headers).not.toHaveProperty('content-length');
  });

  test('a redirect to another origin does not take the key along', async () => {
    await using target = await serveRaw([hello]);
    await using server = await serveRaw([
      (response) => void response.writeHead(307, { location: target.origin }).end(),
    ]);

    const response = await transport(server.origin, post());

    expect(await textOf(response)).toBe('hello');
    expect(target.requests).toMatchObject([{ method: 'POST', body: '{"text":"Grüße"}' }]);
    expect(target.requests[0]!.headers).not.toHaveProperty('authorization');
  });

  test.each([
    ['in a circle', '/', 'redirect count exceeded', 21],
    ['out of the web', 'ftp://model.test/', 'URL scheme must be a HTTP(S) scheme', 1],
  ])('a redirect that leads %s fails', async (_name, location, message, requests) => {
    await using server = await serveRaw([(response) => void response.writeHead(308, { location }).end()]);

    const error = await rejection(transport(server.origin, post()));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'fetch failed', cause: { message } });
    expect(server.requests).toHaveLength(requests);
  });

  test('a redirect to a server whose certificate is not trusted fails for that', async () => {
    await using target = await serveRaw([hello], { secure: true });
    await using server = await serveRaw([
      (response) => void response.writeHead(308, { location: target.origin }).end(),
    ]);

    const error = await rejection(transport(server.origin, post()));

    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  });

  test('a redirect that does not say where to is an answer', async () => {
    await using server = await serveRaw([(response) => void response.writeHead(308).end('moved')]);

    const response = await transport(server.origin, post());

    expect([response.status, await response.text()]).toEqual([308, 'moved']);
  });

  test.each([
    ['gzip', zlib.gzipSync('hello')],
    ['br', zlib.brotliCompressSync('hello')],
    ['deflate', zlib.deflateSync('hello')],
    ['zstd', zlib.zstdCompressSync('hello')],
    ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync('hello'))],
  ])('a body in %s is decoded', async (encoding, bytes) => {
    await using server = await serveRaw([
      (response) => void response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
    ]);

    expect(await textOf(await transport(server.origin, post()))).toBe('hello');
  });

  test.each([
    ['gzip', () => zlib.createGzip()],
    ['br', () => zlib.createBrotliCompress()],
    ['zstd', () => zlib.createZstdCompress()],
  ])('a frame in %s is read while the next one is still to come', async (encoding, newEncoder) => {
    const encoder = newEncoder();
    await using server = await serveRaw([
      (response) => {
        response.writeHead(200, { 'content-encoding': encoding });
        encoder.pipe(response);
        encoder.write('data: 1\n\n');
        encoder.flush();
      },
    ]);

    const response = await transport(server.origin, post());
    const first = await response.body!.getReader().read();

    expect(new TextDecoder().decode(first.value)).toBe('data: 1\n\n');
    encoder.destroy();
  });
});
