import { expect, test } from 'vitest';
import { Agent, AgentError, type ChatClient } from '../../src/index.ts';
import { finished, scriptedClient, silence, textsOf } from '../scripted-client.ts';

test('break closes the model connection, and finalResponse resolves with what was seen', async () => {
  const client = scriptedClient(['A', 'B', 'C', finished]);
  const stream = new Agent({ client }).runStreaming('Go');

  for await (const update of stream) if (update.text === 'B') break;

  expect(client.closedEarly).toBe(1);
  expect(client.pulled).toBe(2);
  expect(await stream.finalResponse()).toMatchObject({ text: 'AB', status: 'cancelled', finishReason: null });
});

test('every interruption both aborts the request, with its reason, and returns the iterator', async () => {
  const client = scriptedClient(['A', 'B'], ['A', new AgentError('response_failed', 'no')], ['A', 'B']);
  const agent = new Agent({ client });

  for await (const _update of agent.runStreaming('break')) break;
  await agent.run('fail').catch(() => {});
  const cancelled = agent.runStreaming('cancel');
  await cancelled[Symbol.asyncIterator]().next();
  await cancelled.cancel('enough');

  expect(client.requests.map((request) => request.signal.aborted)).toEqual([true, true, true]);
  expect(client.requests[2]?.signal.reason).toBe('enough');
  expect(client.returned).toBe(3);
});

test('after break an iterator is at its end, also when the pump had read ahead', async () => {
  const stream = new Agent({ client: scriptedClient(['A', 'B', finished]) }).runStreaming('Go');
  const iterator = stream[Symbol.asyncIterator]();
  await stream.finalResponse();

  await iterator.return?.();

  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('await using closes a stream that was left half read', async () => {
  const client = scriptedClient(['A', 'B', finished]);

  {
    await using stream = new Agent({ client }).runStreaming('Go');
    await stream[Symbol.asyncIterator]().next();
  }

  expect(client.closedEarly).toBe(1);
});

test('cancel before the first pull sends nothing and ends as cancelled', async () => {
  const client = scriptedClient(['A', finished]);
  const stream = new Agent({ client }).runStreaming('Go');

  await stream.cancel();

  expect(await stream.finalResponse()).toMatchObject({ text: '', status: 'cancelled', messages: [] });
  expect(await textsOf(stream)).toEqual([]);
  expect(client.requests).toEqual([]);
});

test('cancel ends a pull that waits for a silent model', async () => {
  const client = scriptedClient(['A', silence]);
  const stream = new Agent({ client }).runStreaming('Go');
  const texts = textsOf(stream);
  while (client.pulled < 2) await Promise.resolve();

  await stream.cancel();

  expect(await texts).toEqual(['A']);
  expect(client.closedEarly).toBe(1);
});

test("abort throws the signal's own reason from the iterator and from finalResponse", async () => {
  const client = scriptedClient(['A', silence]);
  const stop = new AbortController();
  const reason = new Error('the user left');
  const stream = new Agent({ client }).runStreaming('Go', { signal: stop.signal });
  const texts = textsOf(stream);
  while (client.pulled < 2) await Promise.resolve();

  stop.abort(reason);

  await expect(texts).rejects.toBe(reason);
  await expect(stream.finalResponse()).rejects.toBe(reason);
  expect(client.closedEarly).toBe(1);
});

test('an abort between two pulls is thrown by the next one: it never looks like the end of the answer', async () => {
  const client = scriptedClient(['A', 'B', finished]);
  const stop = new AbortController();
  const reason = new Error('the user left');
  const stream = new Agent({ client }).runStreaming('Go', { signal: stop.signal });

  const seen: string[] = [];
  const reading = (async () => {
    for await (const update of stream) {
      seen.push(update.text);
      stop.abort(reason);
    }
  })();

  await expect(reading).rejects.toBe(reason);
  expect(seen).toEqual(['A']);
  expect(client.closedEarly).toBe(1);
});

test('a signal that is aborted already sends nothing', async () => {
  const client = scriptedClient(['A', finished]);
  const reason = new Error('too late');
  const agent = new Agent({ client });

  const run = agent.run('Go', { signal: AbortSignal.abort(reason) });

  await expect(run).rejects.toBe(reason);
  expect(client.requests).toEqual([]);
});

test('a run takes its listener off the signal', async () => {
  const signal = new AbortController().signal;
  const counts = { added: 0, removed: 0 };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...all: Parameters<typeof add>) => ((counts.added += 1), add(...all));
  signal.removeEventListener = (...all: Parameters<typeof remove>) => ((counts.removed += 1), remove(...all));

  await new Agent({ client: scriptedClient(['A', 'B', finished]) }).run('Go', { signal });

  expect(counts).toEqual({ added: 1, removed: 1 });
});

test.each<[string, () => unknown]>([
  ['no promise', () => undefined],
  [
    'an error',
    () => {
      throw new Error('no');
    },
  ],
])('a cancelled run ends although the return() of its model gives %s', async (_, leave) => {
  const updates = { next: () => Promise.withResolvers<never>().promise, return: leave };
  const client = { send: () => ({ [Symbol.asyncIterator]: () => updates }) } as unknown as ChatClient;
  const stream = new Agent({ client }).runStreaming('Go');
  const pull = stream[Symbol.asyncIterator]().next();
  await new Promise(setImmediate);

  await stream.cancel();

  expect(await pull).toEqual({ done: true, value: undefined });
});
