import { retryAfterMs } from '@turnstream/core/seams';
import { dropConnection, httpError, mockModel, rawReply, reply, resetAfter, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { bothApisOverAll, chatCompletions, outcomeOf, question } from '../both-apis.ts';

const atOnce = { 'retry-after-ms': '1' };

test.each(bothApisOverAll)('$name: a failed request is sent again twice, and says which try it is', async (api) => {
  using model = mockModel(
    httpError(500, { headers: atOnce }),
    httpError(429, { headers: atOnce }),
    reply(['A lang', 'uage.']),
  );
  const client = api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect([text, error]).toEqual(['A language.', null]);
  expect(model.requests.map((request) => request.headers['x-stainless-retry-count'])).toEqual(['0', '1', '2']);
});

test.each(bothApisOverAll)('$name: a connection that closes without an answer is tried again', async (api) => {
  await using model = await serveModel(dropConnection(), reply('Hello.'));
  const client = api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect([text, error]).toEqual(['Hello.', null]);
  expect(model.requests).toHaveLength(2);
});

test('after the last try the error surfaces', async () => {
  using model = mockModel(...[1, 2, 3].map(() => httpError(503, { headers: atOnce })));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'server_error', status: 503 });
  expect(model.requests).toHaveLength(3);
});

test.each([400, 401, 403, 404, 422])('HTTP %i is not tried again', async (status) => {
  using model = mockModel(httpError(status));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });

  await outcomeOf(client.send(question()));

  expect(model.requests).toHaveLength(1);
});

test.each(bothApisOverAll)('$name: nothing is tried again once a byte of the answer is here', async (api) => {
  await using model = await serveModel(reply('Hello.', { fault: resetAfter({ bytes: 1 }) }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'stream_truncated' });
  expect(model.requests).toHaveLength(1);
});

test('the wait the service asks for is kept', async () => {
  using model = mockModel(httpError(429, { headers: { 'retry-after-ms': '120' } }), reply('Hello.'));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });
  const startedAt = performance.now();

  const { text } = await outcomeOf(client.send(question()));

  expect(text).toBe('Hello.');
  expect(performance.now() - startedAt).toBeGreaterThan(110);
});

test.each([
  ['retry-after', '3600', 3_600_000],
  ['retry-after-ms', '60001', 60_001],
])('a wait of more than a minute (%s: %s) is thrown at once, with its length', async (name, value, waitMs) => {
  using model = mockModel(httpError(429, { headers: { [name]: value, 'x-request-id': 'req_9' } }));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });

  // Waiting would outlast the test.
  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: waitMs, status: 429 });
  expect((error as Error).message).toContain('request req_9');
  expect(model.requests).toHaveLength(1);
});

test('an abort during the wait ends it at once with the very reason', async () => {
  using model = mockModel(httpError(429, { headers: { 'retry-after': '30' } }));
  const answered = Promise.withResolvers<void>();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init);
    // The SDK throws the body away before it waits.
    setImmediate(answered.resolve);
    return response;
  };
  const client = chatCompletions.newClient({ baseURL: model.baseURL, fetch });
  const controller = new AbortController();
  const waiting = client
    .send(question({ signal: controller.signal }))
    [Symbol.asyncIterator]()
    .next();
  await answered.promise;

  controller.abort('enough');

  await expect(waiting).rejects.toBe('enough');
  expect(model.requests).toHaveLength(1);
});

test.each([
  [{}, null],
  [{ 'retry-after-ms': '1500.4' }, 1500],
  [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
  [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9000],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, null],
])('the headers %j ask to wait %s ms', (headers, waitMs) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>))).toBe(waitMs);
});

test('an error with a long wait keeps its body', async () => {
  const headers = { 'retry-after': '3600', 'content-type': 'text/plain' };
  using model = mockModel(rawReply({ status: 503, headers, body: 'maintenance until noon' }));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'server_error', message: expect.stringContaining('maintenance until noon') });
});
