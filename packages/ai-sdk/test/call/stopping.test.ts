// Leaving a call, aborting it, and trying again.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { afterEach, expect, test, vi } from 'vitest';
import { asking, clientOf, finish, named, said, stubModel, updatesOf } from '../stub-model.ts';

afterEach(() => void vi.useRealTimers());

const busy = (fields: object = {}): Error => named('AI_APICallError', 'Busy', { statusCode: 503, ...fields });

test('return() while a pull waits ends the pull and closes the connection', async () => {
  const model = stubModel();
  let cancelled = false;
  const stream = new ReadableStream<LanguageModelV4StreamPart>({ cancel: () => void (cancelled = true) });
  const called = Promise.withResolvers<AbortSignal | undefined>();
  model.doStream = async ({ abortSignal }) => {
    called.resolve(abortSignal);
    return { stream };
  };
  const iterator = clientOf(model).send(asking())[Symbol.asyncIterator]();

  const pull = iterator.next();
  const signal = await called.promise;
  await iterator.return?.();

  await expect(pull).resolves.toMatchObject({ done: true });
  expect(signal?.aborted).toBe(true);
  await expect.poll(() => cancelled).toBe(true);
});

test('a stream that a provider opens although the caller has left is closed', async () => {
  const model = stubModel();
  const opened = Promise.withResolvers<{ stream: ReadableStream<LanguageModelV4StreamPart> }>();
  const cancelled = Promise.withResolvers<void>();
  const called = Promise.withResolvers<void>();
  model.doStream = () => {
    called.resolve();
    return opened.promise;
  };
  const iterator = clientOf(model).send(asking())[Symbol.asyncIterator]();

  const pull = iterator.next();
  await called.promise;
  await iterator.return?.();
  opened.resolve({ stream: new ReadableStream({ cancel: () => cancelled.resolve() }) });

  await expect(pull).resolves.toMatchObject({ done: true });
  await expect(cancelled.promise).resolves.toBeUndefined();
});

test('an abort between two tries ends the call with its reason, without another try', async () => {
  vi.useFakeTimers();
  const caller = new AbortController();
  const model = stubModel(busy(), [finish()]);
  const iterator = clientOf(model, { maxRetries: 2 })
    .send(asking({ signal: caller.signal }))
    [Symbol.asyncIterator]();

  const pull = iterator.next().catch((reason: unknown) => reason);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  caller.abort(new Error('enough'));

  expect(await pull).toMatchObject({ message: 'enough' });
  expect(vi.getTimerCount()).toBe(0);
  expect(model.calls).toHaveLength(1);
});

test('a busy service is asked again, later each time', async () => {
  vi.useFakeTimers();
  const model = stubModel(busy(), busy(), [...said('A'), finish()]);

  const updates = updatesOf(model, {}, { maxRetries: 2 });
  await vi.advanceTimersByTimeAsync(1_300);
  const early = model.calls.length;
  await vi.advanceTimersByTimeAsync(600);

  expect((await updates).map((update) => update.text).join('')).toBe('A');
  expect([early, model.calls.length]).toEqual([2, 3]);
});

test.for([
  ['a refusal', named('AI_APICallError', 'Bad', { statusCode: 400 }), 'bad_request'],
  ['a wait of more than a minute', busy({ responseHeaders: { 'retry-after': '61' } }), 'server_error'],
] as const)('%s is not tried again', async ([, error, code]) => {
  const model = stubModel(error, [finish()]);

  const updates = updatesOf(model, {}, { maxRetries: 2 });

  await expect(updates).rejects.toMatchObject({ code });
  expect(model.calls).toHaveLength(1);
});
