// A model call read by hand: what is thrown away after the caller left, what can be taken without a pull, what is a stream.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encode, feed, pullText, said } from './hand-fed-call.ts';

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
