// A model call read by hand: what is thrown away after the caller left, what can be taken without a pull, what is a stream.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { outcomeOf } from '../both-apis.ts';
import { encode, type Feed, feed, finished, pullText, said } from './hand-fed-call.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an answer that comes although the caller has left is thrown away', async () => {
  const { call, body, answer, cancelled } = feed();
  const waiting = call.next();
  await call.return();

  body.enqueue(said('Hi'));
  answer();
  await vi.advanceTimersByTimeAsync(0);

  expect((await waiting).done).toBe(true);
  expect(cancelled()).toBe(true);
  expect((await call.next()).done).toBe(true);
});

test('bytes that were on their way when the caller left are thrown away', async () => {
  const { call, body, answer } = feed();
  answer();
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(0);

  body.enqueue(said('Hi'));
  await call.return();
  await vi.advanceTimersByTimeAsync(0);

  expect((await waiting).done).toBe(true);
  expect((await call.next()).done).toBe(true);
});

test('a whole answer that was being read when the caller left is thrown away', async () => {
  const { call, body, answer, cancelled } = feed('application/json');
  answer();
  body.enqueue(encode('{"choices":[{"message":{"content":"Hi"}}]}'));
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(0);

  await call.return();
  await vi.advanceTimersByTimeAsync(0);

  expect((await waiting).done).toBe(true);
  expect(cancelled()).toBe(true);
  expect((await call.next()).done).toBe(true);
});

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

test('after an abort nothing is taken, and the next pull says why', async () => {
  const caller = new AbortController();
  const { call, body, answer } = feed('application/json', caller.signal);
  answer();
  body.enqueue(encode('{"choices":[{"message":{"content":"Hi"}}]}'));
  body.close();
  await pullText(call);

  caller.abort('enough');

  expect(call.takeReady()).toBeNull();
  await expect(call.next()).rejects.toBe('enough');
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

test('once an answer is over, neither an abort nor leaving changes its end or closes its connection', async () => {
  const caller = new AbortController();
  const { call, body, answer, cancelled } = feed('text/event-stream', caller.signal);
  answer();
  body.enqueue(said('Hi'));
  body.enqueue(encode('data: [DONE]\n\n'));
  await outcomeOf(call);

  caller.abort('enough');
  const after = await call.next();
  await call.return();
  await vi.advanceTimersByTimeAsync(0);

  expect(after).toEqual({ done: true, value: undefined });
  expect(cancelled()).toBe(false);
});

test('bytes are read when a pull waits for them, and not before', async () => {
  const { call, body, answer } = feed();
  answer();
  for (const text of ['A', 'B', 'C']) body.enqueue(said(text));

  await pullText(call);
  const first = await pullText(call);
  await vi.advanceTimersByTimeAsync(0);
  const leftAfterFirst = 1 - body.desiredSize!;
  const second = await pullText(call);

  expect([first, leftAfterFirst, second, 1 - body.desiredSize!]).toEqual(['A', 2, 'B', 1]);
});
