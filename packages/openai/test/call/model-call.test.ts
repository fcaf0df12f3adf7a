// A model call read by hand: what can be taken without a pull, what is a stream, and what proves it whole.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { outcomeOf } from '../both-apis.ts';
import { encode, type Feed, feed, finished, pullText, said } from './hand-fed-call.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the updates of one read can be taken without a pull, in order and no more than those', async () => {
  const { call, body, answer } = feed();
  answer();
  const before = call.takeReady();
  body.enqueue(
    encode(`data: {"choices":[{"delta":{"content":"A"}}]}\n\ndata: {"choices":[{"delta":{"content":"B"}}]}\n\n`),
  );
  await pullText(call);

  const taken = [call.takeReady(), call.takeReady(), call.takeReady()];

  expect(before).toBeNull();
  expect(taken.map((update) => update?.text ?? null)).toEqual(['A', 'B', null]);
});

test('an update for a pull that waits is not taken past it', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(said('A'));
  const pulls = [call.next(), call.next()];

  const taken = call.takeReady();
  await pulls[0];
  const between = call.takeReady();

  expect([taken, between]).toEqual([null, null]);
  expect((await pulls[1])?.value?.text).toBe('A');
});

test.each(['application/json', 'text/plain; charset=utf-8', ''])(
  'a body that begins like a frame is a stream under the content type "%s", however it is cut',
  async (contentType) => {
    const { call, body, answer } = feed(contentType);
    const texts: (string | null)[] = [];
    answer();
    for (const byte of '\uFEFF\n: hello\n\ndata: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n') {
      body.enqueue(encode(byte));
    }
    body.enqueue(encode('data: [DONE]\n\n'));

    for await (const update of call) texts.push(update.text);

    expect(texts.join('')).toBe('Hi');
  },
);

test('an event stream may begin with a field that nobody knows', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(encode('charset: utf-8\n\n'));
  body.enqueue(said('Hi'));
  body.enqueue(finished);
  body.close();

  const { text, error } = await outcomeOf(call);

  expect([text, error]).toEqual(['Hi', null]);
});

test.each([
  ['text/event-stream', 'stream_truncated'],
  ['text/plain', 'not_a_stream'],
])('a body of %s that ends before its first byte is %s', async (contentType, code) => {
  const { call, body, answer } = feed(contentType);
  answer();
  body.close();

  const { error } = await outcomeOf(call);

  expect(error).toMatchObject({ code });
});

test('a stream that is cut says so, and what to do', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(said('Hi'));
  body.close();

  const { text, error } = await outcomeOf(call);

  expect(text).toBe('Hi');
  expect(error).toMatchObject({ message: 'The stream stopped before the answer was finished. Ask again.' });
});

test('what comes behind [DONE] in the same chunk is not a part of the answer', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(
    encode(
      'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\ndata: {"choices":[{"delta":{"content":"!"}}]}\n\n',
    ),
  );

  const { text, error } = await outcomeOf(call);

  expect([text, error]).toEqual(['Hi', null]);
});

test.each<[string, (body: Feed['body']) => void]>([
  ['the body ends', (body) => body.close()],
  ['the connection breaks', (body) => body.error(new TypeError('terminated'))],
  ['what follows is not JSON', (body) => body.enqueue(encode('data: {"usage\n\n'))],
  ['nothing follows', () => void vi.advanceTimersByTime(800)],
])('a tool call that was announced and has not come when %s is stream_malformed', async (_, end) => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(encode('data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"tool_calls"}]}\n\n'));
  const reading = outcomeOf(call);
  await vi.advanceTimersByTimeAsync(0);

  end(body);
  const { text, error } = await reading;

  expect(text).toBe('Hi');
  expect(error).toMatchObject({
    code: 'stream_malformed',
    message: 'The answer ended with a tool call that is not in it. Ask again.',
  });
});

test.each(['text/event-stream', 'text/plain'])(
  'bytes of %s are read when a pull waits, and not before',
  async (type) => {
    const { call, body, answer } = feed(type);
    answer();
    for (const text of ['A', 'B', 'C']) body.enqueue(said(text));

    await pullText(call);
    const first = await pullText(call);
    await vi.advanceTimersByTimeAsync(0);
    const leftAfterFirst = 1 - body.desiredSize!;
    const second = await pullText(call);

    expect([first, leftAfterFirst, second, 1 - body.desiredSize!]).toEqual(['A', 2, 'B', 1]);
  },
);
