// What an HTTP error of a service becomes: a code, a message that helps, and nothing of the body that should stay there.
import { setImmediate } from 'node:timers/promises';
import { dropConnection, httpError, mockModel, rawReply, serveModel } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { bothApis, chatCompletions, outcomeOf, question, responses } from '../both-apis.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

test.each([
  [401, 'invalid_api_key', 'auth'],
  [403, null, 'forbidden'],
  [404, 'model_not_found', 'not_found'],
  [400, null, 'bad_request'],
  [400, 'context_length_exceeded', 'context_length'],
  [400, 'content_filter', 'content_filter'],
  [422, null, 'bad_request'],
  [409, null, 'bad_request'],
  [408, null, 'server_error'],
  [429, 'rate_limit_exceeded', 'rate_limited'],
  [429, 'insufficient_quota', 'rate_limited'],
  [500, 'server_error', 'server_error'],
  [503, null, 'server_error'],
])('HTTP %i with the code %s is %s, on both APIs', async (status, serviceCode, code) => {
  using model = mockModel(...bothApis.map(() => httpError(status, { code: serviceCode, message: 'Details.' })));

  for (const api of bothApis) {
    const client = api.newClient({ baseURL: model.baseURL, maxRetries: 0 });
    const { error, updates } = await outcomeOf(client.send(question()));

    expect(error).toMatchObject({ name: 'AgentError', code, status, message: expect.stringContaining('Details.') });
    expect(updates).toEqual([]);
  }
});

test.each<[string, Parameters<typeof rawReply>[0]]>([
  ['FastAPI', { status: 404, headers: JSON_TYPE, body: '{"detail":"Not Found"}' }],
  ['Go', { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' }],
  ['llama.cpp', { status: 404, headers: JSON_TYPE, body: '{"error":{"code":404,"message":"File Not Found"}}' }],
  ['a gateway', { status: 405, headers: { 'content-type': 'text/html' }, body: '<html>Method Not Allowed</html>' }],
  ['LM Studio', { headers: JSON_TYPE, body: '{"error":"Unexpected endpoint or method. (POST /v1/responses)"}' }],
])('a server without /responses, in the words of %s, is not_found with the client to use instead', async (_, said) => {
  using model = mockModel(rawReply(said), rawReply(said));
  const client = responses.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));
  const refused = await client.background!.start(question()).catch((thrown: unknown) => thrown);

  const message = expect.stringMatching(/does not seem to speak the Responses API.*OPENAI_API=chat_completions/);
  expect([error, refused]).toMatchObject([
    { code: 'not_found', message },
    { code: 'not_found', message },
  ]);
});

test.each([
  ['a model', { code: 'model_not_found', message: 'The model `gpt-9` does not exist.' }],
  ['a deployment', { code: 'DeploymentNotFound', message: 'The API deployment does not exist.' }],
  ['a response', { code: 'previous_response_not_found', message: 'Not found.' }],
])('a server that lacks %s is not reported as lacking the API', async (_, said) => {
  using model = mockModel(httpError(404, said), httpError(404, said));

  for (const api of bothApis) {
    const { error } = await outcomeOf(api.newClient({ baseURL: model.baseURL }).send(question()));

    expect(error).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('Check the model or deployment'),
    });
  }
});

test('the message says what happened, in which request, in whose words, and what to do', async () => {
  const headers = { 'x-request-id': 'req_abc', 'retry-after': '7' };
  using model = mockModel(httpError(429, { code: 'rate_limit_exceeded', message: 'Slow down.', headers }));
  const client = chatCompletions.newClient({ baseURL: model.baseURL, maxRetries: 0 });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({
    message:
      'The service answered 429 (rate_limit_exceeded), request req_abc: Slow down. It asks to wait 7000 ms. Ask again later, or raise the quota.',
    retryAfterMs: 7000,
    status: 429,
    serviceCode: 'rate_limit_exceeded',
    cause: expect.objectContaining({ name: 'RateLimitError', message: '429 Slow down.' }),
  });
});

test('a message of a service that talks too much is cut, the advice is not', async () => {
  using model = mockModel(httpError(400, { code: 'c'.repeat(500), message: 'm'.repeat(5000) }));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  const { message } = error as Error;
  expect(message.length).toBeLessThanOrEqual(400);
  expect(message).toMatch(/m…\. Check the model, the parameters and the messages\.$/);
});

test('an error body that is plain text is quoted, a page of HTML or unknown JSON is not', async () => {
  const html = { 'content-type': 'text/html' };
  using model = mockModel(
    rawReply({ status: 502, headers: { 'content-type': 'text/plain' }, body: 'upstream connect error' }),
    rawReply({ status: 502, headers: html, body: '<html>Bad Gateway</html>' }),
    rawReply({ status: 502, headers: html }),
    rawReply({ status: 502, headers: { 'content-type': 'application/json' }, body: '{"detail":{"prompt":"secret"}}' }),
  );
  const client = chatCompletions.newClient({ baseURL: model.baseURL, maxRetries: 0 });

  const messages: unknown[] = [];
  for (let call = 0; call < 4; call += 1) {
    messages.push(((await outcomeOf(client.send(question()))).error as Error).message);
  }

  expect(messages).toEqual([
    'The service answered 502: upstream connect error. Ask again later.',
    'The service answered 502. Ask again later.',
    'The service answered 502. Ask again later.',
    'The service answered 502. Ask again later.',
  ]);
});

test.each(bothApis)('$name: a connection that closes without an answer is connection_failed', async (api) => {
  await using model = await serveModel(dropConnection());
  const client = api.newClient({ baseURL: model.baseURL, maxRetries: 0 });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({
    code: 'connection_failed',
    message: 'The service could not be reached or did not answer in time. Check the base URL and the network.',
    cause: expect.any(Error),
  });
});

test.each(bothApis)("$name: the SDK's own timeout is connection_failed", async (api) => {
  await using model = await serveModel(httpError(500, { delayMs: 60_000 }));
  const client = api.newClient({ baseURL: model.baseURL, maxRetries: 0, timeout: 20_000 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

  const outcome = outcomeOf(client.send(question()));
  while (model.requests.length === 0) await setImmediate();
  vi.advanceTimersByTime(20_000);
  const { error } = await outcome;
  vi.useRealTimers();

  expect(error).toMatchObject({ code: 'connection_failed' });
});

test('a key that cannot be fetched is auth, and nothing is sent', async () => {
  using model = mockModel();
  const apiKey = () => Promise.reject(new Error('vault is sealed'));
  const client = new OpenAIResponsesClient({ model: 'm', apiKey, baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'auth', cause: { cause: { message: 'vault is sealed' } } });
  expect(model.requests).toEqual([]);
});

test.each([
  ['vLLM', 400, { error: { message: "This model's maximum context length is 4096 tokens.", code: 400 } }],
  ['DeepSeek', 400, { error: { message: "This model's maximum context length is 131072 tokens." } }],
  ['OpenRouter', 400, { error: { message: "This endpoint's maximum context length is 8192 tokens.", code: 400 } }],
  ['llama.cpp', 400, { error: { message: 'the request exceeds the available context size', code: 400 } }],
  ['Ollama', 400, { error: { message: 'input length exceeds the context length' } }],
  ['Gemini', 400, { error: { message: 'The input token count exceeds the maximum number of tokens allowed.' } }],
  ['a server behind FastAPI', 422, { detail: 'Prompt has too many tokens.' }],
])('messages that are too long for the model are context_length in the words of %s', async (_, status, body) => {
  const headers = { 'content-type': 'application/json' };
  using model = mockModel(...bothApis.map(() => rawReply({ status, headers, body: JSON.stringify(body) })));

  for (const api of bothApis) {
    const { error } = await outcomeOf(api.newClient({ baseURL: model.baseURL, maxRetries: 0 }).send(question()));

    expect(error).toMatchObject({ code: 'context_length', status });
  }
});

test.each([
  ['a sentence', 'temperature is too hot', 'temperature is too hot'],
  ['a list', [{ loc: ['body', 'temperature'], msg: 'too hot' }], 'body.temperature: too hot'],
])('a 422 whose reason is in `detail` as %s keeps it', async (_, detail, reason) => {
  const headers = { 'content-type': 'application/json' };
  using model = mockModel(rawReply({ status: 422, headers, body: JSON.stringify({ detail }) }));
  const client = chatCompletions.newClient({ baseURL: model.baseURL, maxRetries: 0 });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'bad_request', message: expect.stringContaining(reason) });
});
