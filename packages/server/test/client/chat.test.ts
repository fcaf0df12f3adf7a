// streamChat against raw bytes: what it sends, what it reads however the bytes are cut, and which error an end without an end mark is.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReadEvent } from '../../src/client/index.ts';
import { streamChat } from '../../src/client/index.ts';
import { type Answer, broken, frame, json, open, scriptedServer, stream } from '../scripted-server.ts';
import { bytes, events, offline, session, whole } from './whole-stream.ts';

test('one request is sent, at the first pull, with the question and the token', async () => {
  await using server = await scriptedServer(stream(whole));
  const answer = streamChat({ url: server.url, token: 'secret', message: 'Why?', sessionId: 's-1' });
  const before = server.asked.length;

  const read = await Array.fromAsync(answer);

  expect([before, server.asked.length]).toEqual([0, 1]);
  expect(server.asked[0]).toMatchObject({ method: 'POST', url: '/chat/stream' });
  expect(server.asked[0]!.headers).toMatchObject({
    authorization: 'Bearer secret',
    'content-type': 'application/json',
  });
  expect(JSON.parse(server.asked[0]!.body)).toEqual({ message: 'Why?', sessionId: 's-1' });
  expect(read).toEqual(events);
});

test('however the network cuts the bytes, the events are the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (places) => {
      const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length];
      const pieces = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));

      const read = await Array.fromAsync(streamChat(offline(pieces)));

      expect(read).toEqual(events);
    }),
  );
});

test.each([
  ['CRLF', whole.replaceAll('\n', '\r\n')],
  ['CR', whole.replaceAll('\n', '\r')],
  ['a byte order mark', `\uFEFF${whole}`],
  ['no space behind the colon', whole.replaceAll(/(^|\n)(id|event|data): /g, '$1$2:')],
  ['events that nobody knows', `event: later\ndata: {"a":1}\n\n${whole}`],
])('a stream with %s is read alike', async (_what, text) => {
  const read = await Array.fromAsync(streamChat(offline([new TextEncoder().encode(text)])));

  expect(read).toEqual(events);
});

test('cut off at any byte it is an error, never a shorter answer', async () => {
  const ends = whole.length;
  for (let length = 0; length < bytes.length; length += 1) {
    const reading = Array.fromAsync(streamChat(offline([bytes.subarray(0, length)])));

    await expect(reading, `of ${length} of ${ends} bytes`).rejects.toMatchObject({ code: 'stream_truncated' });
  }
});

test('a connection that breaks is stream_truncated too, and what came before it was handed on', async () => {
  await using server = await scriptedServer(
    broken(frame('1', 'session', session), frame('2', 'update', { text: 'A' })),
  );
  const read: ReadEvent[] = [];

  const reading = (async () => {
    for await (const event of streamChat({ url: server.url, message: 'Go' })) read.push(event);
  })();

  await expect(reading).rejects.toMatchObject({ code: 'stream_truncated' });
  expect(read.map(({ type }) => type)).toEqual(['session', 'update']);
});

test('the last event ends the reading although the connection stays open, and closes it', async () => {
  await using server = await scriptedServer(open(whole, frame('6', 'update', { text: 'too much' })));

  const read = await Array.fromAsync(streamChat({ url: server.url, message: 'Go' }));

  expect(read).toEqual(events);
  await server.asked[0]!.closed;
});

test('an error event is thrown with its code and its time', async () => {
  const error = { code: 'rate_limited', message: 'Slowly.', retryable: true, retryAfterMs: 1500 };
  await using server = await scriptedServer(stream(frame('1', 'session', session), frame('2', 'error', error)));

  const reading = Array.fromAsync(streamChat({ url: server.url, message: 'Go' }));

  await expect(reading).rejects.toMatchObject({ code: 'rate_limited', message: 'Slowly.', retryAfterMs: 1500 });
});

test.each([
  ['rate_limited', false, false],
  ['max_bytes', true, true],
  ['rate_limited', undefined, true],
  ['max_bytes', undefined, false],
])('whether %s can be tried again is what the server said (%s), or the code: %s', async (code, said, retryable) => {
  const error = { code, message: 'x', retryable: said };
  await using server = await scriptedServer(stream(frame('1', 'session', session), frame('2', 'error', error)));

  const reading = Array.fromAsync(streamChat({ url: server.url, message: 'Go' }));

  await expect(reading).rejects.toMatchObject({ code, retryable });
});

test.each<[string, Answer, object]>([
  [
    'a refusal of ours',
    json(409, { error: { code: 'session_busy', message: 'Busy.' } }),
    { code: 'session_busy', status: 409 },
  ],
  [
    'one to wait for',
    json(429, { error: { code: 'rate_limited', message: 'x' } }, { 'retry-after': '7' }),
    { retryAfterMs: 7000 },
  ],
  [
    'one to wait for until a date',
    json(429, { error: { code: 'rate_limited', message: 'x' } }, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    { retryAfterMs: 0 },
  ],
  [
    'a code that is new',
    json(500, { error: { code: 'novel', message: 'x' } }),
    { code: 'server_error', serviceCode: 'novel' },
  ],
  [
    'a page of a proxy',
    (response) => void response.writeHead(502).end('<html>'),
    { code: 'server_error', status: 502 },
  ],
  ['JSON instead of a stream', json(200, { text: 'Hi' }), { code: 'not_a_stream' }],
  ['a payload that is not JSON', stream('event: update\ndata: {"te\n\n'), { code: 'stream_malformed' }],
  ['a payload that is a list', stream('event: update\ndata: []\n\n'), { code: 'stream_malformed' }],
  ['an update without text', stream('event: update\ndata: {}\n\n'), { code: 'stream_malformed' }],
  ['an end of a new kind', stream('event: done\ndata: {"status":"maybe"}\n\n'), { code: 'stream_malformed' }],
])('%s is told by its code', async (_what, answer, expected) => {
  await using server = await scriptedServer(answer);

  const reading = Array.fromAsync(streamChat({ url: server.url, message: 'Go' }));

  await expect(reading).rejects.toMatchObject(expected);
});

test('an answer is read once', async () => {
  const answer = streamChat(offline([bytes]));
  await Array.fromAsync(answer);

  expect(() => answer[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: 'stream_consumed' }));
});
