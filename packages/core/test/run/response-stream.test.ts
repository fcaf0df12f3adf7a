import { expect, expectTypeOf, test } from 'vitest';
import { Agent, AgentError, type AgentResponseUpdate, type ResponseStream } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { finished, scriptedClient, silence, textsOf } from '../scripted-client.ts';

test('nothing is sent before the first pull', async () => {
  const client = scriptedClient(['Hi', finished]);
  const agent = new Agent({ client });

  const stream = agent.runStreaming('Hello');
  await Promise.resolve();

  expect(client.requests).toEqual([]);
  await stream.finalResponse();
  expect(client.requests).toHaveLength(1);
  expect(client.requests[0]?.stream).toBe(true);
});

test('the texts of the updates join to the text of the answer, empty updates included', async () => {
  const client = scriptedClient([chatUpdate({ role: 'assistant' }), 'A lang', 'uage.', finished]);
  const stream = new Agent({ client, name: 'guide' }).runStreaming('What is Python?');

  const updates: AgentResponseUpdate[] = [];
  for await (const update of stream) updates.push(update);

  expect(updates.map((update) => update.text)).toEqual(['', 'A lang', 'uage.', '']);
  expect(updates.map((update) => update.authorName)).toEqual(['guide', 'guide', 'guide', 'guide']);
  expect((await stream.finalResponse()).text).toBe('A language.');
});

test('textStream yields the non-empty texts', async () => {
  const client = scriptedClient([chatUpdate({ role: 'assistant' }), 'A lang', 'uage.', finished]);
  const stream = new Agent({ client }).runStreaming('What is Python?');

  const texts = await Array.fromAsync(stream.textStream);

  expect(texts).toEqual(['A lang', 'uage.']);
});

test('finalResponse without an iteration reads the stream to its end, once', async () => {
  const client = scriptedClient(['A', 'B', finished]);
  const stream = new Agent({ client }).runStreaming('Go');

  const [first, second] = await Promise.all([stream.finalResponse(), stream.finalResponse()]);

  expect(first).toBe(second);
  expect(first.text).toBe('AB');
  expect(client.pulled).toBe(4);
});

test('finalResponse awaited inside the loop shares the pump and steals nothing', async () => {
  const client = scriptedClient(['A', 'B', 'C', finished]);
  const stream = new Agent({ client }).runStreaming('Go');

  const seen: string[] = [];
  for await (const update of stream) {
    seen.push(update.text);
    if (update.text === 'A') seen.push(`final ${(await stream.finalResponse()).text}`);
  }

  expect(seen).toEqual(['A', 'final ABC', 'B', 'C', '']);
  expect(client.pulled).toBe(5);
});

test('an iteration that starts after finalResponse still gets every update', async () => {
  const stream = new Agent({ client: scriptedClient(['A', 'B', finished]) }).runStreaming('Go');

  const [final, texts] = await Promise.all([stream.finalResponse(), textsOf(stream)]);

  expect(texts).toEqual(['A', 'B', '']);
  expect(final.text).toBe('AB');
});

test('a second iteration throws and points to finalResponse', async () => {
  const stream = new Agent({ client: scriptedClient(['A', finished]) }).runStreaming('Go');
  await textsOf(stream);

  const again = textsOf(stream);

  await expect(again).rejects.toMatchObject({
    code: 'stream_consumed',
    message: expect.stringContaining('finalResponse()'),
  });
});

test('concurrent pulls are answered in order', async () => {
  const stream = new Agent({ client: scriptedClient(['A', 'B', finished]) }).runStreaming('Go');
  const iterator = stream[Symbol.asyncIterator]();

  const pulls = await Promise.all([
    iterator.next(),
    iterator.next(),
    iterator.next(),
    iterator.next(),
    iterator.next(),
  ]);

  expect(pulls.map((pull) => pull.value?.text)).toEqual(['A', 'B', '', undefined, undefined]);
  expect(pulls.map((pull) => pull.done)).toEqual([false, false, false, true, true]);
});

test('a pull asked for in the moment another is answered comes after those that wait', async () => {
  const stream = new Agent({ client: scriptedClient(['A', 'B', 'C', finished]) }).runStreaming('Go');
  const iterator = stream[Symbol.asyncIterator]();

  const first = iterator.next();
  const third = first.then(() => iterator.next());
  const second = iterator.next();

  expect((await second).value?.text).toBe('B');
  expect((await third).value?.text).toBe('C');
});

test('a text stream that is left while the model is silent closes the connection at once', async () => {
  const client = scriptedClient(['A', silence]);
  const texts = new Agent({ client }).runStreaming('Go').textStream[Symbol.asyncIterator]();
  await texts.next();
  const pending = texts.next();

  await texts.return?.();

  expect(client.closedEarly).toBe(1);
  expect(await pending).toEqual({ done: true, value: undefined });
});

test('a stream is not thenable, so an async function can hand it on', async () => {
  const agent = new Agent({ client: scriptedClient(['A', finished]) });
  const handOn = async (): Promise<ResponseStream> => agent.runStreaming('Go');

  const stream = await handOn();

  expect('then' in stream).toBe(false);
  expect(await textsOf(stream)).toEqual(['A', '']);
});

test('an error reaches the iterator and finalResponse as the same object', async () => {
  const failure = new AgentError('response_failed', 'The model failed.');
  const stream = new Agent({ client: scriptedClient(['A', failure]) }).runStreaming('Go');

  const [texts, final] = await Promise.allSettled([textsOf(stream), stream.finalResponse()]);

  expect(texts).toEqual({ status: 'rejected', reason: failure });
  expect(final).toEqual({ status: 'rejected', reason: failure });
});

test('an error that came before the iteration is still thrown to it', async () => {
  const failure = new AgentError('response_failed', 'The model failed.');
  const stream = new Agent({ client: scriptedClient(['A', failure]) }).runStreaming('Go');
  await stream.finalResponse().catch(() => {});

  const seen: string[] = [];
  const reading = (async () => {
    for await (const update of stream) seen.push(update.text);
  })();

  await expect(reading).rejects.toBe(failure);
  expect(seen).toEqual(['A']);
});

test('a failing run whose final response nobody asks for leaves no rejection unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const stream = new Agent({ client: scriptedClient([new AgentError('auth', 'No.')]) }).runStreaming('Go');

  await textsOf(stream).catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);

  expect(unhandled).toEqual([]);
});

test('the verbs tell their mode by their types', () => {
  const agent = new Agent({ client: scriptedClient() });

  expectTypeOf<ReturnType<typeof agent.run>>().resolves.toHaveProperty('text').toBeString();
  expectTypeOf(agent.runStreaming('Go')).toEqualTypeOf<ResponseStream>();
});

test('updates that finalResponse has read cost about what they cost in a plain iteration', async () => {
  const answer = [...Array.from({ length: 40_000 }, () => 'x'), finished];
  const agent = new Agent({ client: scriptedClient(answer, answer) });
  /** CPU of this thread, in microseconds. */
  const read = async (stream: ResponseStream): Promise<number> => {
    const before = process.threadCpuUsage();
    expect(await textsOf(stream)).toHaveLength(answer.length);
    return process.threadCpuUsage(before).user;
  };
  const plain = await read(agent.runStreaming('Go'));
  const stream = agent.runStreaming('Go');
  await stream.finalResponse();

  const afterFinal = await read(stream);

  // A list that is copied for each update makes this 70.
  expect(afterFinal / plain).toBeLessThan(8);
});

test('every pull after an error throws it: an end must never look like that of the answer', async () => {
  const failure = new Error('enough');
  const caller = new AbortController();
  const stream = new Agent({ client: scriptedClient(['A', silence]) }).runStreaming('Go', { signal: caller.signal });
  const updates = stream[Symbol.asyncIterator]();
  await updates.next();
  caller.abort(failure);

  const pulls = await Promise.allSettled([updates.next(), updates.next(), stream.finalResponse()]);

  expect(pulls).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: failure })));
  await updates.return?.();
  expect(await updates.next()).toEqual({ done: true, value: undefined });
});

test('an iterator that is left after finalResponse has nothing more to give', async () => {
  const stream = new Agent({ client: scriptedClient(['A', 'B', finished]) }).runStreaming('Go');
  const updates = stream[Symbol.asyncIterator]();
  await stream.finalResponse();
  await updates.next();

  await updates.return?.();

  expect(await updates.next()).toEqual({ done: true, value: undefined });
});
