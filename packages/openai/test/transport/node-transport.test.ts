// What only the transport over node:http does, and when it leaves a request to the global fetch.
import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { mockModel, reply } from '@turnstream/testkit';
import { type Dispatcher, getGlobalDispatcher, setGlobalDispatcher, Agent as UndiciAgent } from 'undici';
import { expect, test, vi } from 'vitest';
import { fetchOverHttp } from '../../src/transport/node-http.ts';
import { newTransport } from '../../src/transport/node-transport.ts';
import { type Answer, serveRaw } from './raw-server.ts';

const LONG_MS = 60_000;
const transport = newTransport();
const post = (fields: object = {}) => ({ method: 'POST', headers: new Headers(), body: '{}', ...fields });
const hello: Answer = (response) => void response.end('hello');
const dropped: Answer = (_response, _request, socket) => void socket.destroy();

async function textOf(response: Response): Promise<string> {
  const reader = response.body!.getReader();
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read())
    text += new TextDecoder().decode(read.value);
  return text;
}

test('a kept connection that the server has closed in the meantime is replaced once', async () => {
  await using server = await serveRaw([hello, dropped, hello, dropped]);
  await textOf(await transport(server.origin, post()));
  await expect.poll(() => server.sockets[0]!.destroyed || server.requests.length).toBe(1);

  const text = await textOf(await transport(server.origin, post()));
  const onNewConnection = await transport(server.origin, post()).catch((error: unknown) => error);

  expect(text).toBe('hello');
  expect(onNewConnection).toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(server.requests).toHaveLength(4);
});

test.each([
  ['before the headers', '', 'fetch failed'],
  ['in the middle of the body', 'half', 'terminated'],
])('silence %s ends the request after the time that is allowed', async (_name, sent, message) => {
  await using server = await serveRaw([(response) => void (sent !== '' && response.write(sent))]);

  const error = await fetchOverHttp(server.origin, post(), 400)
    .then(textOf)
    .catch((thrown: unknown) => thrown);

  const cause = { code: 'ERR_SILENCE', waitedMs: 400, message: 'No byte for 400 ms' };
  expect(error).toMatchObject({ message, cause });
  await expect.poll(() => server.sockets[0]!.destroyed).toBe(true);
});

test('a request that met with silence on a kept connection is not sent again', async () => {
  await using server = await serveRaw([hello, () => {}]);
  await textOf(await fetchOverHttp(server.origin, post(), LONG_MS));
  await setImmediate();

  const error = await fetchOverHttp(server.origin, post(), 200).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ cause: { code: 'ERR_SILENCE' } });
  expect([server.requests.length, server.sockets.length]).toEqual([2, 1]);
});

test('the connection of a redirect serves later requests', async () => {
  await using server = await serveRaw([
    (response, { path }) =>
      path === '/' ? response.writeHead(308, { location: '/elsewhere' }).end('moved') : response.end('hello'),
  ]);

  for (let request = 0; request < 3; request += 1) {
    await textOf(await transport(server.origin, post()));
    await setImmediate();
  }

  expect(server.requests).toHaveLength(6);
  expect(server.sockets.length).toBeLessThanOrEqual(2);
});

test.each(['user', 'user:secret', ':secret'])(
  'an address with %s in it is refused and nothing is sent',
  async (login) => {
    await using server = await serveRaw([hello]);

    const error = await transport(server.origin.replace('//', `//${login}@`), post()).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toMatchObject({ message: 'fetch failed', cause: { message: 'the URL includes credentials' } });
    expect(server.requests).toEqual([]);
  },
);

test('an IPv6 address is accepted', async () => {
  const error = await fetchOverHttp('http://[::1]:9', post(), LONG_MS).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ cause: { address: '::1' } });
});

test('a request says once which encodings it takes: its own, if it names any', async () => {
  await using server = await serveRaw([hello]);

  await textOf(await transport(server.origin, post()));
  await textOf(await transport(server.origin, post({ headers: new Headers({ 'accept-encoding': 'identity' }) })));

  expect(server.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['gzip, br, zstd', 'identity']);
});

test.each(['rot13', 'gzip, rot13'])('a body in %s is passed on as it is', async (encoding) => {
  await using server = await serveRaw([
    (response) => void response.writeHead(200, { 'content-encoding': encoding }).end('uryyb'),
  ]);

  expect(await textOf(await transport(server.origin, post()))).toBe('uryyb');
});

test.each([
  ['gzip', () => zlib.createGzip()],
  ['br', () => zlib.createBrotliCompress()],
  ['zstd', () => zlib.createZstdCompress()],
])('the part of a truncated %s body that arrived can be read', async (encoding, newEncoder) => {
  const encoder = newEncoder();
  const bytes: Buffer[] = [];
  encoder.on('data', (chunk: Buffer) => bytes.push(chunk)).write('data: 1\n\n');
  await new Promise<void>((resolve) => encoder.flush(resolve));
  await using server = await serveRaw([
    (response) => void response.writeHead(200, { 'content-encoding': encoding }).end(Buffer.concat(bytes)),
  ]);

  const text = await textOf(await transport(server.origin, post()));

  expect(text).toBe('data: 1\n\n');
  encoder.destroy();
});

test('nothing is left on the signal of a request that is over', async () => {
  await using server = await serveRaw([hello]);
  const { signal } = new AbortController();

  const response = await transport(server.origin, post({ signal }));
  const during = getEventListeners(signal, 'abort').length;
  await textOf(response);

  expect(during).toBe(1);
  await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([]);
});

test('bytes that keep coming start the time anew', async () => {
  await using server = await serveRaw([
    (response) => {
      let left = 8;
      const timer = setInterval(() => {
        response.write('.');
        if (--left > 0) return;
        clearInterval(timer);
        response.end();
      }, 150);
    },
  ]);

  const text = await textOf(await fetchOverHttp(server.origin, post(), 1_000));

  expect(text).toBe('.'.repeat(8));
});

test('a global fetch that was replaced gets the requests, such as by a mock or a tracer', async () => {
  using replaced = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('from the mock'));

  const response = await transport('http://model.test/v1', post());

  expect(await response.text()).toBe('from the mock');
  expect(replaced).toHaveBeenCalledOnce();
});

test('MSW answers over node:http as well', async () => {
  using model = mockModel(reply(['Hel', 'lo.']));
  const body = '{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}';

  const text = await textOf(await fetchOverHttp(`${model.baseURL}/chat/completions`, post({ body }), LONG_MS));

  expect(text).toContain('data: [DONE]');
  expect(model.requests[0]!.body).toEqual(JSON.parse(body));
});

test('requests go over node:http although the program has used the global fetch', async () => {
  await using server = await serveRaw([hello]);
  await fetch(server.origin).then((response) => response.text());

  await textOf(await transport(server.origin, post()));

  expect(server.requests.map(({ headers }) => headers['sec-fetch-mode'])).toEqual(['cors', undefined]);
});

test.each<[string, (dispatched: () => void) => Dispatcher]>([
  ['options', (dispatched) => new UndiciAgent({ keepAliveTimeout: 10 }).on('connect', dispatched)],
  [
    'interceptors',
    (dispatched) =>
      new UndiciAgent().compose((dispatch) => (options, handler) => {
        dispatched();
        return dispatch(options, handler);
      }),
  ],
])('a global dispatcher with %s gets the requests', async (_name, newDispatcher) => {
  await using server = await serveRaw([hello]);
  const before = getGlobalDispatcher();
  const dispatched = vi.fn();
  setGlobalDispatcher(newDispatcher(dispatched));

  const text = await transport(server.origin, post()).then((response) => response.text());

  setGlobalDispatcher(before);
  expect(text).toBe('hello');
  expect(dispatched).toHaveBeenCalledOnce();
});

test("a dispatcher of the request's own gets it", async () => {
  await using server = await serveRaw([hello]);
  const dispatcher = new UndiciAgent();
  using dispatch = vi.spyOn(dispatcher, 'dispatch');

  const text = await transport(server.origin, post({ dispatcher })).then((response) => response.text());

  expect(text).toBe('hello');
  expect(dispatch).toHaveBeenCalledOnce();
});

test('a proxy that the environment names is used', async () => {
  await using proxy = await serveRaw([(response) => void response.end('from the proxy')]);
  const program = `
    import { newTransport } from './src/transport/node-transport.ts';
    const answer = await newTransport()('http://model.test/v1', { method: 'GET', headers: new Headers() });
    process.stdout.write(await answer.text());
  `;

  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.origin, NO_PROXY: '' },
  });

  expect(stdout).toBe('from the proxy');
});
