// A model call that the caller leaves: what is thrown away, what is left behind, and what later pulls say.
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
  const { call, body, answer, cancelled } = feed();
  answer();
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(0);

  body.enqueue(said('Hi'));
  await call.return();
  await vi.advanceTimersByTimeAsync(0);

  expect((await waiting).done).toBe(true);
  expect(cancelled()).toBe(true);
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

test.each<[string, (feed: Feed, caller: AbortController) => unknown]>([
  ['leaving', ({ call }) => call.return()],
  ['an abort', (_, caller) => caller.abort('enough')],
])('%s while the usage is waited for leaves no timer', async (_, leave) => {
  const caller = new AbortController();
  const fed = feed('text/event-stream', caller.signal);
  fed.answer();
  fed.body.enqueue(finished);
  const reading = outcomeOf(fed.call);
  await vi.advanceTimersByTimeAsync(0);
  const before = vi.getTimerCount();

  await leave(fed, caller);
  await reading;

  expect([before, vi.getTimerCount()]).toEqual([1, 0]);
});

test('a whole answer that was being read at an abort does not end the call well', async () => {
  const caller = new AbortController();
  const { call, body, answer } = feed('application/json', caller.signal);
  answer();
  body.enqueue(encode('{"choices":[{"message":{"content":"Hi"}}]}'));
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(0);

  caller.abort('enough');

  await expect(waiting).rejects.toBe('enough');
  await vi.advanceTimersByTimeAsync(0);
  await expect(call.next()).rejects.toBe('enough');
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
