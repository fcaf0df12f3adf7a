// Tools that are generators: what they yield, and when they are closed.
import { expect, test } from 'vitest';
import { Agent, type AgentResponseUpdate, tool } from '../../src/index.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';

const asks = [call('c1', 'read', '{}'), wantsTools];

/** The kinds of contents in the order in which they came, and what was reported. */
function shown(updates: readonly AgentResponseUpdate[]): unknown[] {
  return updates.flatMap(({ contents }) =>
    contents.map((content) => (content.type === 'tool_progress' ? content.progress : content.type)),
  );
}

test('each yield of a generator is reported, and its return value is the result', async () => {
  const read = tool({
    name: 'read',
    description: 'Reads.',
    async *execute() {
      yield 'half';
      return 'whole';
    },
  });
  const client = scriptedClient(asks, ['Done.', finished]);

  const updates = await Array.fromAsync(new Agent({ client, tools: [read] }).runStreaming('Read'));

  expect(shown(updates)).toEqual(['function_call', 'half', 'function_result', 'text']);
  expect(client.requests[1]?.messages.at(-1)?.contents).toMatchObject([{ result: 'whole' }]);
});

test('yielding a value that JSON cannot hold fails the call and closes the generator', async () => {
  const steps: string[] = [];
  const read = tool({
    name: 'read',
    description: 'Reads.',
    async *execute() {
      try {
        yield { pages: 2n };
      } finally {
        steps.push('closed');
      }
    },
  });
  const onToolError = (error: unknown): void => void steps.push(String(error));
  const agent = new Agent({ client: scriptedClient(asks, ['Done.', finished]), tools: [read], onToolError });

  const { messages } = await agent.run('Read');

  expect(steps).toEqual(['closed', expect.stringMatching('TypeError: .*BigInt')]);
  expect(messages[1]?.contents).toMatchObject([{ error: 'tool_failed' }]);
});

test('a generator is closed at its next yield when the run has ended', async () => {
  const goOn = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<string>();
  const yields: number[] = [];
  const read = tool({
    name: 'read',
    description: 'Reads.',
    async *execute() {
      try {
        for (let page = 1; page <= 3; page += 1) {
          yields.push(page);
          yield page;
          await goOn.promise;
        }
      } finally {
        closed.resolve('closed');
      }
    },
  });
  const stream = new Agent({ client: scriptedClient(asks), tools: [read] }).runStreaming('Read');
  for await (const { contents } of stream) if (contents[0]?.type === 'tool_progress') break;

  goOn.resolve();

  expect(await closed.promise).toBe('closed');
  expect(yields).toEqual([1, 2]);
});

test('a generator is closed at its next yield after its timeout', async () => {
  const closed = Promise.withResolvers<string>();
  const steps: string[] = [];
  const read = tool({
    name: 'read',
    description: 'Reads.',
    timeoutMs: 5,
    async *execute(_input, { signal }) {
      try {
        while (!signal.aborted) await new Promise(setImmediate);
        yield 'late';
        steps.push('went on');
      } finally {
        closed.resolve('closed');
      }
    },
  });
  const agent = new Agent({ client: scriptedClient(asks, ['Sorry.', finished]), tools: [read] });

  const updates = await Array.fromAsync(agent.runStreaming('Read'));

  expect([await closed.promise, steps]).toEqual(['closed', []]);
  expect(shown(updates)).toEqual(['function_call', 'function_result', 'text']);
});

test.each<[string, () => Promise<IteratorResult<unknown>>, object, readonly string[]]>([
  ['ended', async () => ({ done: true, value: 'read' }), { result: 'read' }, []],
  ['failed', () => Promise.reject(new Error('torn page')), { error: 'tool_failed' }, ['torn page']],
])('an iterator that %s by itself is not closed', async (_, next, result, errors) => {
  const heard: string[] = [];
  const iterator = {
    next,
    return: () => Promise.reject(new Error('closed')),
    [Symbol.asyncIterator]: () => iterator,
  };
  const read = tool({ name: 'read', description: 'Reads.', execute: () => iterator });
  const client = scriptedClient(asks, ['Done.', finished]);
  const onToolError = (error: unknown): void => void heard.push((error as Error).message);

  const { messages } = await new Agent({ client, tools: [read], onToolError }).run('Read');

  expect(messages[1]?.contents).toMatchObject([result]);
  expect(heard).toEqual(errors);
});
