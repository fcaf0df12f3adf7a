import { expect, test } from 'vitest';
import { dropConnection, httpError, mockModel, rawReply, refuse, reply, serveModel } from '../../src/index.ts';
import { bothApis, chatBody, chatPath, post, postJson, responsesBody, responsesPath } from '../reader.ts';

test('each call uses up one step, in order, whichever API it comes from', async () => {
  using model = mockModel(reply('first'), reply('second'));

  const first = await postJson(model, chatPath, { ...chatBody, stream: false });
  const second = await postJson(model, responsesPath, { ...responsesBody, stream: false });

  expect(first).toMatchObject({ id: 'chatcmpl-1', choices: [{ message: { content: 'first' } }] });
  expect(second).toMatchObject({ id: 'resp_2', output: [{ id: 'msg_2', content: [{ text: 'second' }] }] });
});

test('a script grows while it runs', async () => {
  using model = mockModel();
  model.add(reply('late'));

  const answer = await postJson(model, responsesPath, { input: 'Hi.' });

  expect(answer).toMatchObject({ output: [{ content: [{ text: 'late' }] }] });
});

test('unused steps are named on dispose', () => {
  const long = 'A sentence that is longer than a message about it should be.';
  const model = mockModel(
    reply(['A', 'B']),
    reply(long),
    refuse('No.'),
    httpError(429),
    rawReply({}),
    dropConnection(),
  );

  expect(() => model[Symbol.dispose]()).toThrow(
    `The script and the calls it received differ:
- step 1 of 6 was never used: reply("AB")
- step 2 of 6 was never used: reply("A sentence that is longer than a message…")
- step 3 of 6 was never used: refuse("No.")
- step 4 of 6 was never used: httpError(429)
- step 5 of 6 was never used: rawReply({ status: 200 })
- step 6 of 6 was never used: dropConnection()`,
  );
});

test.each(bothApis)(
  'a call without a step is answered 500 by name and fails on dispose, over %s',
  async (_, path, body) => {
    const model = mockModel(reply('only'));
    await post(model, path, body);

    const unscripted = await post(model, path, body);

    const sentence = `unscripted call 2: POST /v1${path} (streamed, 1 message); the script has 1 step, add a reply() if this call is expected`;
    expect(unscripted.status).toBe(500);
    expect(unscripted.headers.get('x-should-retry')).toBe('false');
    expect(await unscripted.json()).toEqual({
      error: { message: sentence, type: 'testkit', param: null, code: 'unscripted_call' },
    });
    expect(() => model[Symbol.dispose]()).toThrow(sentence);
  },
);

test('a request to anything other than a model is refused and named', async () => {
  const model = mockModel();

  await expect(fetch('http://elsewhere.test/v1/models')).rejects.toThrow();

  expect(() => model[Symbol.dispose]()).toThrow('- not a model call: GET http://elsewhere.test/v1/models');
});

test('the server answers 404 to requests that are not model calls, and names them', async () => {
  const model = await serveModel();

  const response = await fetch(`${model.baseURL}/models`);

  expect(response.status).toBe(404);
  await expect(model[Symbol.asyncDispose]()).rejects.toThrow('- not a model call: GET /v1/models');
});

test('expectDone() says the same before the end', async () => {
  using model = mockModel(reply('A'));

  expect(() => model.expectDone()).toThrow('step 1 of 1 was never used: reply("A")');

  await post(model, responsesPath, responsesBody);
  model.expectDone();
});

test('a model left active by a timed-out test is replaced by the next one', async () => {
  const left = mockModel(reply('from the first'));
  using next = mockModel(reply('from the second'));

  const answer = await postJson(next, responsesPath, { input: 'Hi.' });

  expect(answer).toMatchObject({ output: [{ content: [{ text: 'from the second' }] }] });
  expect(() => left[Symbol.dispose]()).toThrow('- another mockModel() replaced it; use serveModel() to run two');
});

test('disposing twice checks once', () => {
  const model = mockModel(reply('A'));

  expect(() => model[Symbol.dispose]()).toThrow('step 1 of 1');

  model[Symbol.dispose]();
});

test('an HTTP error carries the service’s error object', async () => {
  const error = { code: 'rate_limit_exceeded', type: 'tokens', message: 'Slow down.', param: 'model' };
  using model = mockModel(httpError(429, { ...error, headers: { 'retry-after': '2' } }), httpError(503));

  const limited = await post(model, chatPath, chatBody);
  const plain = await post(model, chatPath, chatBody);

  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
  expect(await limited.json()).toEqual({ error });
  expect([plain.status, await plain.json()]).toEqual([
    503,
    { error: { message: 'The service answered 503.', type: 'error', param: null, code: null } },
  ]);
});
