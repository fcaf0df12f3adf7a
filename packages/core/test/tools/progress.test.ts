// What a tool reports while it runs: shown to the reader, not to the model, and not stored.
import { expect, test, vi } from 'vitest';
import { Agent, type AgentResponseUpdate, tool } from '../../src/index.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';

const asks = [call('c1', 'read', '{}'), wantsTools];

/** The kinds of contents in the order in which they came, and what was reported. */
function shown(updates: readonly AgentResponseUpdate[]): unknown[] {
  return updates.flatMap(({ contents }) =>
    contents.map((content) => (content.type === 'tool_progress' ? content.progress : content.type)),
  );
}

test('progress of a tool arrives while it runs, before its result', async () => {
  const goOn = Promise.withResolvers<void>();
  const read = tool({
    name: 'read',
    description: 'Reads.',
    async execute(_input, { report }) {
      report('1 of 2');
      await goOn.promise;
      report({ page: 2 });
      return 'read';
    },
  });
  const agent = new Agent({ client: scriptedClient(asks, ['Done.', finished]), tools: [read] });
  const updates: AgentResponseUpdate[] = [];

  for await (const update of agent.runStreaming('Read')) {
    updates.push(update);
    if (update.contents.some(({ type }) => type === 'tool_progress')) goOn.resolve();
  }

  expect(shown(updates)).toEqual(['function_call', '1 of 2', { page: 2 }, 'function_result', 'text']);
});

test('progress is copied as JSON at the time of the report', async () => {
  const page = { number: 1, readAt: new Date(0) };
  const read = tool({
    name: 'read',
    description: 'Reads.',
    execute: (_input, { report }) => {
      report(page);
      page.number = 2;
      report(page);
      report(undefined);
      return 'read';
    },
  });
  const agent = new Agent({ client: scriptedClient(asks, ['Done.', finished]), tools: [read] });

  const updates = await Array.fromAsync(agent.runStreaming('Read'));

  const readAt = '1970-01-01T00:00:00.000Z';
  const reports = [{ number: 1, readAt }, { number: 2, readAt }, null];
  expect(shown(updates)).toEqual(['function_call', ...reports, 'function_result', 'text']);
});

test('reporting a value that JSON cannot hold from a callback fails only that call and aborts its signal', async () => {
  const heard: unknown[] = [];
  const reasons: unknown[] = [];
  const thrown: unknown[] = [];
  const read = tool({
    name: 'read',
    description: 'Reads.',
    execute: (_input, { report, signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      setImmediate(() => {
        try {
          report({ pages: new Map([[1, 'seen']]) });
        } catch (error) {
          thrown.push(error);
        }
      });
      return Promise.withResolvers<never>().promise;
    },
  });
  const now = tool({ name: 'now', description: 'The time.', execute: () => 'noon' });
  const client = scriptedClient([call('c1', 'read', '{}'), call('c2', 'now', '{}'), wantsTools], ['Sorry.', finished]);
  const agent = new Agent({ client, tools: [read, now], onToolError: (error) => void heard.push(error) });

  const { messages, text } = await agent.run('Read');

  expect(thrown).toEqual([]);
  expect(heard).toEqual([expect.objectContaining({ message: expect.stringContaining('class Map in "pages"') })]);
  expect(reasons).toEqual(heard);
  expect(messages[1]?.contents).toMatchObject([
    { callId: 'c1', error: 'tool_failed' },
    { callId: 'c2', result: 'noon' },
  ]);
  expect(text).toBe('Sorry.');
});

test('progress is neither in the answer, nor in the history, nor sent to the model', async () => {
  const read = tool({
    name: 'read',
    description: 'Reads.',
    execute: (_input, { report }) => (report('half'), 'whole'),
  });
  const client = scriptedClient(asks, ['Done.', finished]);
  const agent = new Agent({ client, tools: [read] });
  const session = agent.createSession();

  const response = await agent.run('Read', { session });

  const everywhere = JSON.stringify([response.messages, session, client.requests.map(({ messages }) => messages)]);
  expect(everywhere).not.toMatch(/half|tool_progress/);
});

test('tools that report are still no silence of the model', async () => {
  vi.useFakeTimers();
  const read = tool({
    name: 'read',
    description: 'Reads.',
    async execute(_input, { report }) {
      for (const page of [1, 2, 3]) {
        report(page);
        await vi.advanceTimersByTimeAsync(1_500);
      }
      return 'read';
    },
  });
  const agent = new Agent({ client: scriptedClient(asks, ['Done.', finished]), tools: [read] });

  const updates = await Array.fromAsync(
    agent.runStreaming('Read', { limits: { firstUpdateMs: 1_000, idleMs: 1_000 } }),
  );
  vi.useRealTimers();

  expect(shown(updates)).toEqual(['function_call', 1, 2, 3, 'function_result', 'text']);
});

test('what a tool reports after its time is dropped', async () => {
  const late = Promise.withResolvers<(progress: unknown) => void>();
  const read = tool({
    name: 'read',
    description: 'Reads.',
    timeoutMs: 5,
    execute: (_input, { report }) => {
      late.resolve(report);
      return new Promise(() => {});
    },
  });
  const agent = new Agent({ client: scriptedClient(asks, ['Sorry.', finished]), tools: [read] });

  const updates = await Array.fromAsync(agent.runStreaming('Read'));
  (await late.promise)('too late');

  expect(shown(updates)).toEqual(['function_call', 'function_result', 'text']);
});
