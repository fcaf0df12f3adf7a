// The API key is in no part of an error, wherever the service, a fetch or a body put it.
import { inspect } from 'node:util';
import { AgentError } from '@turnstream/core';
import { dropConnection, httpError, mockModel, rawReply, serveModel } from '@turnstream/testkit';
import { OpenAI } from 'openai';
import { expect, test } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY, bothApis, chatCompletions, outcomeOf, question } from '../both-apis.ts';

/** Everything that a logger might print of an error. */
function printed(error: unknown): string {
  const parts = [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)];
  for (let current = error; current instanceof Error; current = current.cause) {
    parts.push(current.message, current.stack ?? '', JSON.stringify(current), Object.values(current).join(' '));
  }
  return parts.join('\n');
}

const leaky = { code: `bad_key_${API_KEY}`, message: `Incorrect API key provided: ${API_KEY}.`, type: API_KEY };

test.each(
  bothApis.flatMap((api) =>
    [
      { how: 'an HTTP error', step: httpError(401, { ...leaky, headers: { 'x-request-id': API_KEY } }) },
      { how: 'an error body in text', step: rawReply({ status: 400, body: `key ${API_KEY} is bad` }) },
      {
        how: 'an error inside the stream',
        step: rawReply({
          headers: { 'content-type': 'text/event-stream', 'x-request-id': API_KEY },
          body: `data: ${JSON.stringify({ error: leaky })}\n\n`,
        }),
      },
    ].map((row) => ({ api, name: api.name, ...row })),
  ),
)('$name: the API key is in no part of $how', async ({ api, step }) => {
  using model = mockModel(step);
  const client = api.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toBeInstanceOf(AgentError);
  expect(printed(error)).toContain('[redacted]');
  expect(printed(error)).not.toContain(API_KEY);
});

test.each(bothApis)('$name: the API key is in no part of an error that a fetch threw', async (api) => {
  const fetch = () => {
    const inner = Object.assign(new Error(`socket said ${API_KEY}`), { code: API_KEY, headers: { key: API_KEY } });
    inner.name = API_KEY;
    return Promise.reject(new TypeError(`cannot send Bearer ${API_KEY}`, { cause: inner }));
  };
  const client = api.newClient({ baseURL: 'http://model.test/v1', fetch, maxRetries: 0 });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'connection_failed' });
  expect(printed(error)).toContain('socket said [redacted]');
  expect(printed(error)).not.toContain(API_KEY);
});

test.each([
  [`gone ${API_KEY}`, 'gone [redacted]'],
  [{ secret: API_KEY }, undefined],
])('a body that fails with something other than an error leaks nothing: %#', async (thrown, cause) => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(thrown) });
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  const client = chatCompletions.newClient({ baseURL: 'http://model.test/v1', fetch });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'stream_truncated' });
  expect((error as Error).cause).toBe(cause);
});

test('a key that is fetched per request is redacted as well, and so is any other key', async () => {
  using model = mockModel(
    httpError(401, { message: `Keys ${API_KEY}, sk-proj-0123456789 and Bearer abcdefgh12 are bad.` }),
  );
  const client = new OpenAIResponsesClient({
    model: 'm',
    client: new OpenAI({ apiKey: async () => API_KEY, baseURL: model.baseURL }),
  });

  const { error } = await outcomeOf(client.send(question()));

  expect((error as Error).message).toContain('Keys [redacted], [redacted] and [redacted] are bad.');
  expect(printed(error)).not.toContain(API_KEY);
});

test('the cause is a copy: no headers and no body of the service, but its name, code and stack', async () => {
  await using model = await serveModel(dropConnection());
  const client = chatCompletions.newClient({ baseURL: model.baseURL, maxRetries: 0 });

  const { error } = await outcomeOf(client.send(question()));

  const cause = (error as Error).cause as Error;
  expect(cause.name).toBe('APIConnectionError');
  expect(cause.stack).toMatch(/^APIConnectionError: .*\n\s+at /);
  expect(Object.keys(cause)).toEqual([]);
  expect((cause.cause as Error).name).toBe('TypeError');
  expect((cause.cause as Error).cause).toMatchObject({ code: 'ECONNRESET' });
});
