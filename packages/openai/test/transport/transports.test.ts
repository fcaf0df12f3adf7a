// What a client relies on below the SDK, the same over both transports.
import { setImmediate } from 'node:timers/promises';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { newTransport as overFetch } from '../../src/transport/global-fetch.ts';
import { newTransport as overHttp } from '../../src/transport/node-transport.ts';
import { type Answer, CERTIFICATE, serveRaw } from './raw-server.ts';

const TRANSPORTS = [
  ['node:http', overHttp()],
  ['the global fetch', overFetch()],
] as const;

const hello: Answer = (response) => void response.end('hello');

const post = (fields: RequestInit = {}): RequestInit => ({
  method: 'POST',
  headers: new Headers({ authorization: 'Bearer key', 'content-type': 'application/json' }),
  body: '{"text":"Grüße"}',
  ...fields,
});

/** As the clients read a body. */
async function textOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    text += decoder.decode(read.value, { stream: true });
  }
  return text;
}

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

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
          ['X-Request-Id', 'req_1'],
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
    expect(names.map((name) => headers.get(name))).toEqual(['req_1', '1, 2', 'red, blue', null]);
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

  test('one connection serves one request after the other', async () => {
    await using server = await serveRaw([hello]);

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
    ['in a circle', '/'],
    ['out of the web', 'ftp://model.test/'],
  ])('a redirect that leads %s fails', async (_name, location) => {
    await using server = await serveRaw([(response) => void response.writeHead(308, { location }).end()]);

    const error = await rejection(transport(server.origin, post()));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'fetch failed', cause: expect.any(Error) });
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

  test('an encoded frame is read while the next one is still to come', async () => {
    const gzip = zlib.createGzip();
    await using server = await serveRaw([
      (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        gzip.pipe(response);
        gzip.write('data: 1\n\n');
        gzip.flush();
      },
    ]);

    const response = await transport(server.origin, post());
    const first = await response.body!.getReader().read();

    expect(new TextDecoder().decode(first.value)).toBe('data: 1\n\n');
    gzip.destroy();
  });

  test.each([
    ['before it is sent', 'before'],
    ['before the headers', 'waiting'],
    ['in the middle of the body', 'reading'],
  ])('an abort %s rejects with the reason and closes the connection', async (_name, moment) => {
    const arrived = Promise.withResolvers<void>();
    await using server = await serveRaw([
      (response) => {
        if (moment === 'reading') response.write('half');
        arrived.resolve();
      },
    ]);
    const controller = new AbortController();
    const reason = new Error('enough');
    if (moment === 'before') controller.abort(reason);

    const reading = transport(server.origin, post({ signal: controller.signal })).then(textOf);
    if (moment !== 'before') await arrived.promise;
    controller.abort(reason);

    await expect(reading).rejects.toBe(reason);
    await expect.poll(() => server.sockets[0]?.destroyed ?? true).toBe(true);
    expect(server.requests).toHaveLength(moment === 'before' ? 0 : 1);
  });

  test('leaving a body closes the connection', async () => {
    await using server = await serveRaw([(response) => void response.write('half')]);

    const response = await transport(server.origin, post());
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();

    expect(await reader.read()).toEqual({ done: true, value: undefined });
    await expect.poll(() => server.sockets[0]!.destroyed).toBe(true);
  });

  test('a server that is not there is a TypeError whose cause has the code', async () => {
    const gone = await serveRaw([hello]);
    await gone[Symbol.asyncDispose]();

    const error = await rejection(transport(gone.origin, post()));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
  });

  test.each([
    ['before the answer', 'fetch failed', ''],
    ['in the middle of it', 'terminated', 'half'],
  ])('a connection that breaks %s is "%s", and the cause has a code', async (_name, message, sent) => {
    await using server = await serveRaw([
      (response, _request, socket) => (sent === '' ? socket.destroy() : response.write(sent, () => socket.destroy())),
    ]);

    const error = await rejection(transport(server.origin, post()).then(textOf));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message, cause: { code: expect.any(String) } });
  });

  test.each(['http://user:secret@127.0.0.1/', 'http://'])('an address such as %s is a TypeError', async (url) => {
    expect(await rejection(transport(url, post()))).toBeInstanceOf(TypeError);
  });

  test('an unread body applies backpressure to its sender', async () => {
    const megabyte = Buffer.alloc(2 ** 20);
    let drained = 0;
    await using server = await serveRaw([
      (response) => {
        const write = (error?: Error | null): void => {
          if (error == null) response.write(megabyte, (failed) => ((drained += 1), write(failed)));
        };
        write();
      },
    ]);

    const response = await transport(server.origin, post());
    const reader = response.body!.getReader();
    await expect.poll(() => server.sockets[0]!.writableNeedDrain).toBe(true);
    const heldAt = drained;
    for (let read = 0; read < 8 * 2 ** 20; ) read += (await reader.read()).value!.length;
    const readOn = drained;
    await reader.cancel();

    expect(heldAt).toBeLessThan(16);
    expect(readOn).toBeGreaterThan(heldAt);
  });

  test('TLS: a certificate that Node trusts is accepted, any other is an error with its code', async () => {
    await using server = await serveRaw([hello], { secure: true });
    const trusted = tls.getCACertificates('default');

    const refused = await rejection(transport(server.origin, post()));
    tls.setDefaultCACertificates([...trusted, CERTIFICATE]);
    const accepted = await textOf(await transport(server.origin, post())).finally(() =>
      tls.setDefaultCACertificates(trusted),
    );

    expect(refused).toMatchObject({ message: 'fetch failed', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(accepted).toBe('hello');
  });
});
