// How streams end: whole, cut, failed, or with an error inside.
import {
  duplicateFrame,
  errorFrame,
  everyByte,
  malformedFrame,
  mockModel,
  type ReplyOptions,
  rawReply,
  refuse,
  reply,
  resetAfter,
  responseFailed,
  serveModel,
  truncateAfter,
  unknownEvent,
} from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { bothApisOverAll, chatCompletions, outcomeOf, question, responses } from '../both-apis.ts';
import { json, WORDS } from './ends-rig.ts';

const cutShort: ReplyOptions = { finishReason: 'length', usage: { inputTokens: 5, outputTokens: 3 } };

test.each(bothApisOverAll)(
  '$name: every byte in its own write, inside emoji and CJK, gives the same text',
  async (api) => {
    using model = mockModel(reply(['é👩‍💻', '\n', ' 日'], { cuts: everyByte }));
    const client = api.newClient({ baseURL: model.baseURL });

    const { updates, error } = await outcomeOf(client.send(question()));

    expect(error).toBeNull();
    expect(updates.map((update) => update.text).filter((text) => text !== '')).toEqual(['é👩‍💻', '\n', ' 日']);
  },
);

test.each(bothApisOverAll)('$name: a whole answer in JSON may be cut anywhere too', async (api) => {
  await using model = await serveModel(reply('Hé 👩‍💻 日本語', { cuts: everyByte }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question({ stream: false })));

  expect([text, error]).toEqual(['Hé 👩‍💻 日本語', null]);
});

test.each(bothApisOverAll)(
  '$name: a stream that ends cleanly without its end mark is stream_truncated',
  async (api) => {
    using model = mockModel(reply(WORDS, { fault: truncateAfter({ chunks: 3 }) }));
    const client = api.newClient({ baseURL: model.baseURL });

    const { text, error } = await outcomeOf(client.send(question()));

    expect(text).toBe('A language.');
    expect(error).toMatchObject({ name: 'AgentError', code: 'stream_truncated' });
  },
);

test.each(bothApisOverAll)(
  '$name: a connection that breaks in mid-stream is stream_truncated, with the cause',
  async (api) => {
    await using model = await serveModel(reply(WORDS, { fault: resetAfter({ chunks: 2 }) }));
    const client = api.newClient({ baseURL: model.baseURL });

    const { text, error } = await outcomeOf(client.send(question()));

    expect(text).toBe('A lang');
    expect(error).toMatchObject({
      code: 'stream_truncated',
      cause: expect.objectContaining({ message: 'terminated' }),
    });
    expect(model.requests).toHaveLength(1);
  },
);

test.each(bothApisOverAll)('$name: an answer that was finished before the connection broke is whole', async (api) => {
  const frames = api === chatCompletions ? 5 : 99;
  await using model = await serveModel(reply(WORDS, { fault: resetAfter({ frames }) }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect(text).toBe('A language.');
  expect(error).toBeNull();
});

test.each(bothApisOverAll)(
  '$name: one frame that is not JSON is stream_malformed, after what came before it',
  async (api) => {
    using model = mockModel(reply(WORDS, { fault: malformedFrame({ chunks: 2 }) }));
    const client = api.newClient({ baseURL: model.baseURL });

    const { text, error } = await outcomeOf(client.send(question()));

    expect(text).toBe('A lang');
    expect(error).toMatchObject({ code: 'stream_malformed' });
    expect(String(error)).not.toContain('uage');
  },
);

test.each(bothApisOverAll)('$name: an event nobody knows is passed over', async (api) => {
  using model = mockModel(reply(WORDS, { fault: unknownEvent({ chunks: 2 }) }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect([text, error]).toEqual(['A language.', null]);
});

test('Responses: a frame that comes twice counts once', async () => {
  using model = mockModel(reply(WORDS, { fault: duplicateFrame({ chunks: 1 }) }));
  const client = responses.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect([text, error]).toEqual(['A language.', null]);
});

test.each(
  bothApisOverAll.flatMap((api) =>
    (['nested', 'flat', 'named'] as const).flatMap((shape) => [
      { api, name: api.name, shape, chunks: 0 },
      { api, name: api.name, shape, chunks: 2 },
    ]),
  ),
)('$name: an error inside the stream, $shape, after $chunks chunks, rejects with its code', async (row) => {
  const fault = errorFrame(
    { chunks: row.chunks },
    { code: 'rate_limit_exceeded', message: 'Slow down.', shape: row.shape },
  );
  using model = mockModel(reply(WORDS, { fault }));
  const client = row.api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect(text).toBe(WORDS.slice(0, row.chunks).join(''));
  expect(error).toMatchObject({
    code: 'rate_limited',
    serviceCode: 'rate_limit_exceeded',
    message:
      'The service reported a failure (rate_limit_exceeded), request req_1: Slow down. Ask again later, or raise the quota.',
  });
  expect(model.requests).toHaveLength(1);
});

test.each([true, false])('Responses: a response that failed rejects with its code; streamed: %s', async (stream) => {
  const fault = responseFailed({ chunks: 1 }, { code: 'server_error', message: 'An internal problem.' });
  using model = mockModel(reply(WORDS, { fault }));
  const client = responses.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question({ stream })));

  expect(error).toMatchObject({ code: 'server_error', serviceCode: 'server_error' });
});

test.each(bothApisOverAll.flatMap((api) => [true, false].map((stream) => ({ api, name: api.name, stream }))))(
  '$name: finish reason, usage and ids are the same streamed ($stream) or not',
  async ({ api, stream }) => {
    using model = mockModel(reply(WORDS, { id: 'answer_1', ...cutShort }));
    const client = api.newClient({ baseURL: model.baseURL });

    const { updates, text } = await outcomeOf(client.send(question({ stream })));

    expect(text).toBe('A language.');
    expect(updates.flatMap((update) => update.finishReason ?? [])).toEqual(['length']);
    expect(updates.flatMap((update) => update.usage ?? [])).toMatchObject([
      { inputTokens: 5, outputTokens: 3, totalTokens: 8 },
    ]);
    expect(new Set(updates.map((update) => update.responseId))).toEqual(new Set(['answer_1']));
  },
);

test.each(bothApisOverAll.flatMap((api) => [true, false].map((stream) => ({ api, name: api.name, stream }))))(
  '$name: a refusal is contents of its own kind; streamed: $stream',
  async ({ api, stream }) => {
    using model = mockModel(refuse(['Sorry', ', no.']));
    const client = api.newClient({ baseURL: model.baseURL });

    const { updates, error } = await outcomeOf(client.send(question({ stream })));

    const contents = updates.flatMap((update) => update.contents);
    expect(error).toBeNull();
    expect(new Set(contents.map((content) => content.type))).toEqual(new Set(['refusal']));
    expect(updates.map((update) => update.text).join('')).toBe('Sorry, no.');
  },
);

test.each(bothApisOverAll.flatMap((api) => [true, false].map((stream) => ({ api, name: api.name, stream }))))(
  '$name: HTTP 200 with a JSON error is that error; streamed: $stream',
  async ({ api, stream }) => {
    const body = JSON.stringify({ error: { code: 'insufficient_quota', message: 'You ran out.' } });
    using model = mockModel(rawReply({ headers: json, body }));
    const client = api.newClient({ baseURL: model.baseURL });

    const { error } = await outcomeOf(client.send(question({ stream })));

    expect(error).toMatchObject({ code: 'rate_limited', serviceCode: 'insufficient_quota' });
  },
);

test.each(bothApisOverAll)(
  '$name: JSON that is broken is stream_malformed; a connection that breaks in it, stream_truncated',
  async (api) => {
    await using model = await serveModel(
      reply('Hello.', { fault: malformedFrame({ chunks: 0 }) }),
      reply('Hello.', { fault: resetAfter({ bytes: 20 }) }),
    );
    const client = api.newClient({ baseURL: model.baseURL });

    const broken = await outcomeOf(client.send(question({ stream: false })));
    const cut = await outcomeOf(client.send(question({ stream: false })));

    expect(broken.error).toMatchObject({
      code: 'stream_malformed',
      message: 'The service answered with JSON that cannot be parsed. Ask again.',
    });
    expect(cut.error).toMatchObject({
      code: 'stream_truncated',
      message: 'The connection broke before the answer was complete. Ask again.',
      cause: expect.any(Error),
    });
  },
);
