// A client created by another version of the SDK: its errors are not instances of any class known here.
import { Readable } from 'node:stream';
import { Agent } from '@turnstream/core';
import { dropConnection, httpError, mockModel, reply, type ServedModel, serveModel } from '@turnstream/testkit';
import { OpenAI } from 'openai';
import { OpenAI as PreviousOpenAI } from 'openai-previous';
import { describe, expect, test } from 'vitest';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { requestError } from '../../src/service/http-error.ts';

const headers = { 'retry-after': '3', 'x-request-id': 'req_9' };

test('the version differs, and so do its classes', () => {
  expect(new PreviousOpenAI({ apiKey: 'k' })).not.toBeInstanceOf(OpenAI);
  expect(PreviousOpenAI.APIError).not.toBe(OpenAI.APIError);
});

describe.each([OpenAIChatCompletionsClient, OpenAIResponsesClient])('%o', (Client) => {
  const agentAt = ({ baseURL }: Pick<ServedModel, 'baseURL'>, options: object = {}) => {
    const sdk: unknown = new PreviousOpenAI({ apiKey: 'canary-7f3a9c5e1b', baseURL, maxRetries: 0, ...options });
    return new Agent({ client: new Client({ model: 'm', client: sdk as OpenAI }) });
  };

  test('it answers, streamed and whole', async () => {
    await using model = await serveModel(reply(['Hel', 'lo.']), reply('Hello.'));
    const agent = agentAt(model);

    const streamed = await agent.runStreaming('Go').finalResponse();
    const whole = await agent.run('Go');

    expect([streamed.text, whole.text]).toEqual(['Hello.', 'Hello.']);
  });

  test.each([
    [401, 'auth'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'server_error'],
  ])('a status of %i is %s', async (status, code) => {
    using model = mockModel(httpError(status, { message: 'The model says no.', headers }));

    const error = await agentAt(model)
      .run('Go')
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code, status, requestId: 'req_9', retryAfterMs: 3_000 });
    expect(String(error)).toContain('The model says no');
  });

  test('a failed connection is connection_failed', async () => {
    await using model = await serveModel(dropConnection());

    const error = await agentAt(model)
      .run('Go')
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'connection_failed' });
  });

  test('a failing function for the key is auth', async () => {
    const apiKey = async () => Promise.reject(new Error('no vault'));

    const error = await agentAt({ baseURL: 'http://127.0.0.1/v1' }, { apiKey })
      .run('Go')
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'auth' });
  });

  test('a body that is not from the fetch API is config_invalid, with what to pass', async () => {
    const answer = { ok: true, status: 200, headers: new Headers(), body: Readable.from(['data: x\n\n']) };
    const fetch = async () => answer as unknown as Response;

    const error = await agentAt({ baseURL: 'http://127.0.0.1/v1' }, { fetch })
      .run('Go')
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('fetch: globalThis.fetch'),
    });
  });
});

test('an error with plain-object headers, as in versions before 5, says the same', () => {
  const thrown = Object.assign(new Error('429 Slow down.'), { status: 429, headers, error: { message: 'Slow down.' } });

  const error = requestError(thrown, { redact: (text) => text, requestId: null });

  expect(error).toMatchObject({ code: 'rate_limited', requestId: 'req_9', retryAfterMs: 3_000 });
});

test.each([
  ['a text', 'no'],
  ['nothing', undefined],
  ['an object that is not an Error', { status: 500, headers: {}, error: {} }],
  ['an Error that names no status', Object.assign(new Error('no'), { headers: {}, error: {} })],
  ['an Error that has no headers', Object.assign(new Error('no'), { status: 500, error: {} })],
  ['an Error that has no body', Object.assign(new Error('no'), { status: 500, headers: {} })],
])('%s, thrown by an SDK, is a request that could not be built', (_, thrown) => {
  const error = requestError(thrown, { redact: (text) => text, requestId: null });

  expect(error).toMatchObject({ name: 'AgentError', code: 'config_invalid' });
});
