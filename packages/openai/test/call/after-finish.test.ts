// What happens between the finish reason of an answer and the end of its connection.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { counted, encode, feed, finished, pullText, said } from './hand-fed-call.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a silence before the finish reason is not timed: that is what limits are for', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(said('Hi'));
  await pullText(call);
  await pullText(call);

  const waiting = pullText(call);
  await vi.advanceTimersByTimeAsync(3_600_000);
  body.enqueue(said(' there'));

  expect(await waiting).toBe(' there');
});

test('a silence after the finish reason is timed, and the call ends whole', async () => {
  const { call, body, answer, cancelled } = feed();
  answer();
  body.enqueue(finished);
  await pullText(call);
  await pullText(call);

  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(1000);

  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(cancelled()).toBe(true);
});

test('a reader that is slow costs no usage: only the wait for the service is timed', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(finished);
  await pullText(call);
  await pullText(call);

  body.enqueue(counted);
  await vi.advanceTimersByTimeAsync(3_600_000);
  const pull = await call.next();

  expect(pull.value?.usage).toEqual({ inputTokens: 1, outputTokens: 1, totalTokens: 2 });
});

test('no timer is left of a call that is over', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(finished);
  await pullText(call);
  await pullText(call);
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(10);
  body.enqueue(counted);
  body.close();

  await waiting;
  const end = await call.next();
  await vi.advanceTimersByTimeAsync(0);

  expect(end.done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('an answer that goes on after its finish reason is waited for anew with each frame', async () => {
  const { call, body, answer } = feed();
  const texts: (string | null)[] = [];
  const reading = (async () => {
    for await (const update of call) texts.push(update.text);
  })();
  answer();

  for (const piece of ['One.', ' Two.', ' Three.']) {
    body.enqueue(said(piece));
    body.enqueue(finished);
    await vi.advanceTimersByTimeAsync(500);
  }
  body.enqueue(counted);
  await reading;

  expect(texts.join('')).toBe('One. Two. Three.');
});

test('an answer that went on and was then cut is stream_truncated', async () => {
  const { call, body, answer } = feed();
  const reading = (async () => {
    for await (const _ of call);
  })();
  answer();

  body.enqueue(said('One.'));
  body.enqueue(finished);
  body.enqueue(said(' Two'));
  body.close();

  await expect(reading).rejects.toMatchObject({ code: 'stream_truncated' });
});

test.each([
  ['a broken frame', 'data: {"choices":\n\n'],
  ['an error frame', 'data: {"error":{"message":"Late."}}\n\n'],
])('%s after the finish reason fails the answer no more than a lost connection would', async (_, late) => {
  const { call, body, answer } = feed();
  const texts: (string | null)[] = [];
  answer();
  body.enqueue(said('Four.'));
  body.enqueue(finished);
  body.enqueue(encode(late));

  for await (const update of call) texts.push(update.text);

  expect(texts.join('')).toBe('Four.');
});
