// Middleware around a run: what it sees, what it can change, and what it can answer in its place.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, approve, MemoryHistory, type Message, type Middleware, tool, toolResult } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import {
  call,
  chatUpdateWithId,
  finished,
  scriptedClient,
  sentTexts,
  silence,
  text,
  wantsTools,
} from '../scripted-client.ts';
import { guarded } from '../tools/guarded-tool.ts';
import { noting } from './noting.ts';

test('the first middleware is the outermost, and the agent’s come before those of the run', async () => {
  const notes: string[] = [];
  const agent = new Agent({
    client: scriptedClient(['Hi', finished]),
    middleware: [noting('first', notes), noting('second', notes)],
  });

  await agent.run('Hello', { middleware: [noting('of the run', notes)] });

  expect(notes).toEqual(['first in', 'second in', 'of the run in', 'of the run out', 'second out', 'first out']);
});

test('updates pass through one by one, while the model is still talking', async () => {
  const client = scriptedClient(['One ', 'two', silence]);
  const shouting: Middleware = {
    async *run(_call, next) {
      for await (const update of next()) yield { ...update, text: update.text.toUpperCase() };
    },
  };
  const stream = new Agent({ client, middleware: [shouting] }).runStreaming('Count')[Symbol.asyncIterator]();

  const first = await stream.next();
  const second = await stream.next();
  await stream.return?.();

  expect([first.value?.text, second.value?.text]).toEqual(['ONE ', 'TWO']);
  expect(client.closedEarly).toBe(1);
});

test('a changed question is sent and stored, context is sent and not stored', async () => {
  const client = scriptedClient(['Hi', finished], ['Again', finished]);
  const history = new MemoryHistory();
  const redacting: Middleware = {
    run: (run, next) =>
      next({
        ...run,
        context: [{ role: 'user', contents: 'Note: it is Sunday.' }],
        question: [{ role: 'user', contents: 'My card is [removed].' }],
      }),
  };
  const agent = new Agent({ client, history });
  const session = agent.createSession();

  await agent.run('My card is 4111.', { session, middleware: [redacting] });
  await agent.run('And now?', { session });

  expect(sentTexts(client)).toEqual([
    ['Note: it is Sunday.', 'My card is [removed].'],
    ['My card is [removed].', 'Hi', 'And now?'],
  ]);
});

test('middleware sees the history, the session and how the run was asked for', async () => {
  const agent = new Agent({ client: scriptedClient(['One', finished], ['Two', finished]), name: 'shop' });
  const session = agent.createSession({ sessionId: 's1' });
  await agent.run('First', { session });
  const seen: unknown[] = [];
  const looking: Middleware = {
    run(run, next) {
      seen.push(run.agent, run.session?.sessionId, run.history.length, run.question, run.stream);
      return next();
    },
  };

  await agent.run('Second', { session, middleware: [looking] });

  expect(seen).toEqual(['shop', 's1', 2, [{ role: 'user', contents: 'Second' }], false]);
});

test('middleware that answers in place of the agent calls no model and stores nothing', async () => {
  const client = scriptedClient(['Hi', finished]);
  const history = new MemoryHistory();
  const refusing: Middleware = {
    async *run() {
      yield text('We are closed.');
    },
  };
  const agent = new Agent({ client, history });
  const session = agent.createSession();

  const response = await agent.run('Are you open?', { session, middleware: [refusing] });

  expect(response).toMatchObject({ text: 'We are closed.', status: 'completed' });
  expect(client.requests).toEqual([]);
  expect((await history.load(session)).turnCount).toBe(0);
});

test('a run with tools goes through middleware as a whole, tool results included', async () => {
  const client = scriptedClient([call('c1', 'shelf', '{}'), wantsTools], ['On shelf 4.', finished]);
  const types: string[] = [];
  const looking: Middleware = {
    async *run(_call, next) {
      for await (const update of next()) {
        types.push(...update.contents.map((content) => content.type));
        yield update;
      }
    },
  };
  const shelf = tool({ name: 'shelf', description: 'Finds a shelf.', execute: () => '4' });

  const response = await new Agent({ client, tools: [shelf], middleware: [looking] }).run('Where?');

  expect(response.text).toBe('On shelf 4.');
  expect(types).toEqual(['function_call', 'function_result', 'text']);
});

test('tools, instructions, settings and the choice of a tool can be changed on the way', async () => {
  const client = scriptedClient(['Hi', finished]);
  const order = tool({ name: 'order', description: 'Orders.', parameters: z.object({}), execute: () => 'ok' });
  const adding: Middleware = {
    run: (run, next) =>
      next({
        ...run,
        instructions: 'Be brief.',
        tools: [order],
        toolChoice: { name: 'order' },
        settings: { model: 'small' },
      }),
  };

  await new Agent({ client, middleware: [adding] }).run('Hello');

  expect(client.requests[0]).toMatchObject({
    instructions: 'Be brief.',
    tools: [{ name: 'order' }],
    toolChoice: { name: 'order' },
    settings: { model: 'small' },
  });
});

test('an update made by middleware is part of the answer', async () => {
  const signing: Middleware = {
    async *run(_call, next) {
      yield* next();
      yield chatUpdate({ contents: [{ type: 'text', text: ' (checked)' }] });
    },
  };
  const agent = new Agent({ client: scriptedClient(['Yes.', finished]), middleware: [signing] });

  const response = await agent.run('Sure?');

  expect(response.text).toBe('Yes. (checked)');
});

test('middleware may treat a message of the caller as approval, and the pending call runs', async () => {
  const client = scriptedClient([call('c1', 'remove', '{}'), wantsTools], ['Done.', finished]);
  const agent = new Agent({ client, tools: [guarded] });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });
  const listening: Middleware = { run: (run, next) => next({ ...run, question: approvals.map(approve) }) };

  const { text: said } = await agent.run('Yes, go on.', { session, middleware: [listening] });

  expect(said).toBe('Done.');
  expect(client.requests[1]?.messages.at(-1)).toMatchObject({
    role: 'tool',
    contents: [{ callId: 'c1', result: 'removed' }],
  });
});

test.each<[string, readonly Message[], string]>([
  ['nothing', [], 'The input is an empty list'],
  ['a blank message', [{ role: 'user', contents: ' ' }], 'Input message 0 is blank'],
  [
    'something that is not a message',
    [{ role: 'someone', contents: 'Hi' } as never],
    'Input message 0 is not a message',
  ],
  ['a result without a call', [toolResult('c9', 'four')], 'No call "c9" is waiting'],
])('a question changed to %s is refused before anything is sent', async (_, question, message) => {
  const client = scriptedClient();
  const changing: Middleware = { run: (run, next) => next({ ...run, question }) };
  const agent = new Agent({ client, middleware: [changing] });

  const run = agent.run('Hello', { session: agent.createSession() });

  await expect(run).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringContaining(message) });
  expect(client.requests).toEqual([]);
});

test('consent still works if middleware copies the question and the service keeps the history', async () => {
  const client = scriptedClient(
    [call('c1', 'remove', '{}'), chatUpdateWithId('resp_1', 'tool_calls')],
    ['Removed.', chatUpdateWithId('resp_2')],
  );
  const copying: Middleware = { run: (run, next) => next({ ...run, question: [...run.question] }) };
  const agent = new Agent({ client, tools: [guarded], history: 'service', middleware: [copying] });
  const session = agent.createSession();
  const { approvals } = await agent.run('Remove it', { session });

  const answer = await agent.run(approvals.map(approve), { session });

  expect(answer.text).toBe('Removed.');
});
