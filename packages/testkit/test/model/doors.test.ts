// What holds at both doors: the mocked network and the real socket.
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test, vi } from 'vitest';
import {
  dropConnection,
  holdOpenAfterEnd,
  httpError,
  mockModel,
  reply,
  resetAfter,
  serveModel,
  stallAfter,
} from '../../src/index.ts';
import { doors } from '../both-doors.ts';
import {
  bothApis,
  chatBody,
  chatPath,
  post,
  postForFrames,
  readChunks,
  readText,
  responsesBody,
  responsesPath,
} from '../reader.ts';

const fortyWords = Array.from({ length: 40 }, (_, index) => `word ${index} `);

test.each(doors)('%s sends one chunk per frame and records what it sent', async (_, open) => {
  await using model = await open(reply(['A lang', 'uage.']));

  const { chunks } = await readChunks(await post(model, responsesPath, responsesBody));
  await model.requests[0]!.closed;

  expect(chunks).toHaveLength(10);
  expect(model.requests[0]).toMatchObject({
    chunksSent: 2,
    bytesSent: Buffer.concat(chunks).length,
    bytesAfterLeaving: 0,
    closedEarly: false,
  });
});

test.each(doors)('%s notices a reader that stops between two chunks, and writes nothing more', async (_, open) => {
  await using model = await open(reply(fortyWords, { chunkDelayMs: 5 }));
  const response = await post(model, responsesPath, responsesBody);

  for await (const chunk of response.body!) if (Buffer.from(chunk).includes('word 2')) break;
  await model.requests[0]!.closed;

  expect(model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  expect(model.requests[0]!.chunksSent).toBeGreaterThanOrEqual(3);
  expect(model.requests[0]!.chunksSent).toBeLessThan(15);
});

test.each(doors)('%s notices a reader that aborts while the model is silent', async (_, open) => {
  await using model = await open(reply(['A', 'B'], { fault: stallAfter({ chunks: 1 }) }));
  const reader = new AbortController();
  const response = await post(model, responsesPath, responsesBody, { signal: reader.signal });
  const reading = readChunks(response);
  await expect.poll(() => model.requests[0]?.chunksSent).toBe(1);

  reader.abort();

  expect((await reading).error).toMatchObject({ name: 'AbortError' });
  await model.requests[0]!.closed;
  expect(model.requests[0]).toMatchObject({ closedEarly: true, chunksSent: 1 });
});

test.each(doors)('%s notices a reader that aborts before the answer has begun', async (_, open) => {
  await using model = await open(httpError(500, { delayMs: 60_000 }));
  const reader = new AbortController();
  const asking = post(model, responsesPath, responsesBody, { signal: reader.signal });
  const outcome = asking.catch((error: unknown) => error);
  await expect.poll(() => model.requests).toHaveLength(1);

  reader.abort();

  expect(await outcome).toMatchObject({ name: 'AbortError' });
  await model.requests[0]!.closed;
  expect(model.requests[0]).toMatchObject({ closedEarly: true, bytesSent: 0 });
});

test.each(doors)('%s sends the headers although no byte of the body follows', async (_, open) => {
  await using model = await open(reply('A', { fault: stallAfter({ bytes: 0 }) }));

  const response = await post(model, responsesPath, responsesBody);
  await response.body!.cancel();
  await model.requests[0]!.closed;

  expect(response.status).toBe(200);
  expect(model.requests[0]).toMatchObject({ bytesSent: 0, closedEarly: true });
});

test.each(doors)('%s sends the headers before it breaks a connection without a body', async (_, open) => {
  await using model = await open(reply('A', { fault: resetAfter({ bytes: 0 }) }));

  const response = await post(model, responsesPath, responsesBody);
  const { chunks, error } = await readChunks(response);

  expect([response.status, chunks, error]).toEqual([200, [], expect.any(TypeError)]);
});

test.each(doors)('%s breaks the connection only after all bytes before it were delivered', async (_, open) => {
  const chunks = Array.from({ length: 5 }, () => 'x'.repeat(1_000_000));
  await using model = await open(reply(chunks, { usage: null, fault: resetAfter({ chunks: 5 }) }));

  const response = await post(model, chatPath, chatBody);
  const { chunks: received, error } = await readChunks(response);

  expect(error).toBeInstanceOf(TypeError);
  expect(Buffer.concat(received)).toHaveLength(model.requests[0]!.bytesSent);
  expect(model.requests[0]).toMatchObject({ chunksSent: 5, closedEarly: false });
});

test.each(doors)('%s keeps a connection open after the end mark until the reader leaves', async (_, open) => {
  await using model = await open(reply('A', { fault: holdOpenAfterEnd() }));
  const response = await post(model, responsesPath, responsesBody);

  for await (const chunk of response.body!) if (Buffer.from(chunk).includes('"response.completed"')) break;
  await model.requests[0]!.closed;

  expect(model.requests[0]!.closedEarly).toBe(true);
});

test.each(doors)('%s does not count a reader that leaves on the end mark as early', async (_, open) => {
  await using model = await open(reply('A'));
  const response = await post(model, responsesPath, responsesBody);

  for await (const chunk of response.body!) if (Buffer.from(chunk).includes('"response.completed"')) break;
  await model.requests[0]!.closed;

  expect(model.requests[0]!.closedEarly).toBe(false);
});

test.each(doors)('%s closes a connection without an answer', async (_, open) => {
  await using model = await open(dropConnection());

  await expect(post(model, responsesPath, responsesBody)).rejects.toThrow('fetch failed');
  await model.requests[0]!.closed;

  expect(model.requests[0]).toMatchObject({ bytesSent: 0, closedEarly: false });
});

test.each(doors)('%s answers concurrent calls', async (_, open) => {
  await using model = await open(reply(fortyWords, { chunkDelayMs: 2 }), reply('short'));

  const [long, short] = await Promise.all([
    post(model, responsesPath, responsesBody).then(readText),
    post(model, responsesPath, responsesBody).then(readText),
  ]);

  expect(long).toContain('word 39');
  expect(short).toContain('short');
});

test.each(doors)('%s disconnects its readers when it is disposed', async (_, open) => {
  const model = await open(reply(['A', 'B'], { fault: stallAfter({ chunks: 1 }) }));
  const reading = readChunks(await post(model, responsesPath, responsesBody));
  await expect.poll(() => model.requests[0]?.chunksSent).toBe(1);

  await model[Symbol.asyncDispose]();
  await model.requests[0]!.closed;

  expect(model.requests[0]!.closedEarly).toBe(false);
  expect((await reading).error).toBeInstanceOf(TypeError);
});

test('a mock model answers at any address the client uses', async () => {
  using model = mockModel(reply('A'), reply('B'), reply('C'));

  await post({ baseURL: 'https://api.openai.com/v1' }, responsesPath, responsesBody);
  await post({ baseURL: 'https://mine.openai.azure.com/openai/v1' }, responsesPath, responsesBody);
  await post({ baseURL: model.baseURL }, responsesPath, responsesBody);

  expect(model.requests.map(({ path }) => path)).toEqual(['/v1/responses', '/openai/v1/responses', '/v1/responses']);
});

test('a mock model makes no copies of the chunks it sends', async () => {
  using model = mockModel(reply('A'));
  const cloned = vi.spyOn(Response.prototype, 'clone');

  const text = await post(model, responsesPath, responsesBody).then(readText);

  expect(text).toContain('"response.completed"');
  expect(cloned).not.toHaveBeenCalled();
});

test('a disposed mock model no longer answers', async () => {
  await using served = await serveModel(reply('from the socket'));
  const sameServer = { baseURL: served.baseURL.replace('127.0.0.1', 'localhost') };
  const mocked = mockModel(reply('from the mock'));
  const before = await post(sameServer, responsesPath, responsesBody).then(readText);

  mocked[Symbol.dispose]();
  const after = await post(sameServer, responsesPath, responsesBody).then(readText);

  expect(before).toContain('from the mock');
  expect(after).toContain('from the socket');
});

test.each(bothApis)('a mock model lets requests to this machine pass, over %s', async (_, path, body) => {
  await using served = await serveModel(reply('from the socket'));
  using mocked = mockModel();

  const frames = await postForFrames(served, path, body);

  expect(JSON.stringify(frames)).toContain('from the socket');
  expect(mocked.requests).toEqual([]);
});

test('a mock model refuses a request made with a named import of node:http, until it is disposed', async () => {
  const original = request;
  const model = mockModel();

  const refused = once(request('http://localhost:1/x').end(), 'error');
  const [error] = await refused;

  expect(error).toMatchObject({ message: 'Network error' });
  expect(() => model[Symbol.dispose]()).toThrow('- not a model call: GET http://localhost:1/x');
  expect(request).toBe(original);
});

test('a served model stops writing while its reader does not read', async () => {
  const chunks = Array.from({ length: 300 }, () => 'x'.repeat(65_536));
  // Without `usage: null` the model would count the words of these 20 MB.
  await using model = await serveModel(reply(chunks, { usage: null }));
  const response = await post(model, chatPath, chatBody);
  let last = -1;

  const goesOn = (): boolean => last < (last = model.requests[0]!.chunksSent) || last === 0;
  await expect.poll(goesOn, { interval: 100 }).toBe(false);
  await response.body!.cancel();
  await model.requests[0]!.closed;

  expect(last).toBeLessThan(250);
  expect(model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
});
