// Bodies that are not what was asked for: HTML, JSON in place of a stream, no type, no end.
import { floodAfter, mockModel, rawReply, reply, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { bothApisOverAll, chatCompletions, outcomeOf, question, responses } from '../both-apis.ts';
import { json, WORDS } from './ends-rig.ts';

test.each(bothApisOverAll)('$name: a page of HTML is not_a_stream and is not quoted', async (api) => {
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  using model = mockModel(rawReply({ headers, body: '<html><body>Log in</body></html>' }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({
    code: 'not_a_stream',
    status: 200,
    message: "The service answered 200 with text/html, which is not a model's answer. Check the base URL.",
  });
});

test.each(bothApisOverAll)('$name: an answer without a content type or without a body is not_a_stream', async (api) => {
  await using model = await serveModel(rawReply({ body: 'Hello, I am no model.' }), rawReply({ status: 204 }));
  const client = api.newClient({ baseURL: model.baseURL });

  const untyped = await outcomeOf(client.send(question()));
  const empty = await outcomeOf(client.send(question()));

  const what = "with no content type, which is not a model's answer. Check the base URL.";
  expect(untyped.error).toMatchObject({ code: 'not_a_stream', message: `The service answered 200 ${what}` });
  expect(empty.error).toMatchObject({ code: 'not_a_stream', message: `The service answered 204 ${what}`, status: 204 });
});

test.each(['APPLICATION/JSON ; charset=utf-8', 'application/problem+json'])(
  'a body of %s is read as JSON',
  async (contentType) => {
    const body = JSON.stringify({ error: { code: 'insufficient_quota', message: 'You ran out.' } });
    using model = mockModel(rawReply({ headers: { 'content-type': contentType }, body }));
    const client = responses.newClient({ baseURL: model.baseURL });

    const { error } = await outcomeOf(client.send(question()));

    expect(error).toMatchObject({ code: 'rate_limited', serviceCode: 'insufficient_quota' });
  },
);

test.each(['text/json', '+json/text'])('a body of %s is not a model’s answer', async (contentType) => {
  using model = mockModel(rawReply({ headers: { 'content-type': contentType }, body: '{}' }));
  const client = responses.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));

  expect(error).toMatchObject({ code: 'not_a_stream' });
});

test.each([
  [chatCompletions, { id: 'c', choices: [{ message: { content: 'Whole.' }, finish_reason: 'stop' }] }],
  [
    responses,
    { status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text', text: 'Whole.' }] }] },
  ],
])('%o: a whole answer in JSON is accepted although a stream was asked for', async (api, body) => {
  using model = mockModel(rawReply({ headers: json, body: JSON.stringify(body) }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect([text, error]).toEqual(['Whole.', null]);
});

test.each(bothApisOverAll)('$name: a line without an end is stream_malformed before it is all read', async (api) => {
  const fault = floodAfter({ chunks: 1 }, { as: 'line', bytes: 9 * 1024 * 1024 });
  await using model = await serveModel(reply(WORDS, { fault }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question()));
  await model.requests[0]!.closed;

  const message =
    "The service sent more than 2097152 characters without the end of a frame. Ask again, or raise the client's maxFrameChars.";
  expect(error).toMatchObject({ code: 'stream_malformed', message });
  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(model.requests[0]!.bytesSent).toBeLessThan(8 * 1024 * 1024);
});

test.each(bothApisOverAll)('$name: JSON without an end is stream_malformed before it is all read', async (api) => {
  const body = Array.from({ length: 36 }, () => ' '.repeat(256 * 1024));
  await using model = await serveModel(rawReply({ headers: json, body }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { error } = await outcomeOf(client.send(question({ stream: false })));
  await model.requests[0]!.closed;

  expect(error).toMatchObject({ code: 'stream_malformed' });
  expect(model.requests[0]!.closedEarly).toBe(true);
});

const stream = { 'content-type': 'text/event-stream' };
const quota = { error: { code: 'insufficient_quota', message: 'You ran out.' } };

test.each(bothApisOverAll)(
  '$name: a JSON error declared as an event stream is that error, however it is cut and indented',
  async (api) => {
    const bodies = [JSON.stringify(quota), [' \n{', JSON.stringify(quota).slice(1)], JSON.stringify(quota, null, 2)];
    await using model = await serveModel(...bodies.map((body) => rawReply({ headers: stream, body })));
    const client = api.newClient({ baseURL: model.baseURL });

    const outcomes = [];
    for (const _ of bodies) outcomes.push(await outcomeOf(client.send(question())));

    const failure = { code: 'rate_limited', serviceCode: 'insufficient_quota' };
    expect(outcomes.map(({ error }) => error)).toMatchObject([failure, failure, failure]);
  },
);

test('a JSON answer declared as an event stream is the answer, and a part of one is stream_truncated', async () => {
  const body = JSON.stringify({ id: 'c', choices: [{ message: { content: 'Whole.' }, finish_reason: 'stop' }] });
  const bodies = [body, body.slice(0, -1), '{}', ''];
  await using model = await serveModel(...bodies.map((each) => rawReply({ headers: stream, body: each })));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });

  const outcomes = [];
  for (const _ of bodies) outcomes.push(await outcomeOf(client.send(question())));

  expect(outcomes.map(({ text, error }) => [text, (error as { code?: string } | null)?.code])).toEqual([
    ['Whole.', undefined],
    ['', 'stream_truncated'],
    ['', 'not_a_stream'],
    ['', 'stream_truncated'],
  ]);
});
