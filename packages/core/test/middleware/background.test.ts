// The same middleware around a background run, which is looked at again and again and may go on in another process.
import { expect, test } from 'vitest';
import { Agent, AgentError, approve, contextProvider, MemoryHistory, type Middleware, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { scriptedBackground } from '../scripted-background.ts';
import { call, finished, text, wantsTools } from '../scripted-client.ts';
import { guarded } from '../tools/guarded-tool.ts';

const report = [text('A long '), text('report.'), finished];

/** Reads everything before it passes anything on. */
const buffering: Middleware = {
  async *run(_call, next) {
    const updates = await Array.fromAsync(next());
    yield* updates.map((update) => ({ ...update, text: update.text.toUpperCase() }));
  },
};

test('middleware that waits for the whole answer does not poll itself', async () => {
  const client = scriptedBackground({ looks: ['queued', 'in_progress', 'completed'], answer: report });
  const agent = new Agent({ client, middleware: [buffering] });

  const run = await agent.runInBackground('Write');
  const first = await run.poll();
  const logAfterOnePoll = [...client.log];
  await run.poll();
  const response = await run.wait();

  expect(first).toBe('in_progress');
  expect(logAfterOnePoll).toEqual(['start resp_1', 'get resp_1']);
  expect(client.log).toEqual(['start resp_1', 'get resp_1', 'get resp_1']);
  expect(response.text).toBe('A long report.');
});

test('context goes to the service and not into the history, also with a changed question', async () => {
  const client = scriptedBackground({ looks: ['completed'], answer: report });
  const history = new MemoryHistory();
  const redacting: Middleware = {
    run: (run, next) => next({ ...run, question: [{ role: 'user', contents: 'Write for [removed]' }] }),
  };
  const profile = contextProvider({ provide: () => ({ messages: [{ role: 'user', contents: 'Ann likes tea.' }] }) });
  const agent = new Agent({ client, history, middleware: [redacting, profile] });
  const session = agent.createSession();

  const run = await agent.runInBackground('Write for Ann', { session });
  await run.wait();

  expect(client.started[0]?.messages.map(({ contents }) => contents)).toEqual([
    'Ann likes tea.',
    'Write for [removed]',
  ]);
  const [turn] = await agent.transcript(session);
  expect(turn?.map(({ contents }) => contents)).toEqual(['Write for [removed]', 'A long report.']);
});

test('a run that goes on in another process passes that one’s middleware, for its tools too', async () => {
  const client = scriptedBackground(
    { looks: ['in_progress', 'completed'], answer: [call('c1', 'stock', '{}'), wantsTools] },
    { looks: ['completed'], answer: report },
  );
  const stock = tool({ name: 'stock', description: 'Counts.', execute: () => '3' });
  const labeling: Middleware = {
    tool: async (_call, next) => `counted: ${String(await next())}`,
    run: (run, next) => next({ ...run, context: [{ role: 'user', contents: 'Be exact.' }] }),
  };
  const first = new Agent({ client, tools: [stock], middleware: [labeling] });
  const run = await first.runInBackground('How many?');

  const second = new Agent({ client, tools: [stock], middleware: [labeling] });
  const response = await second.resumeBackground(run.toJSON()).wait();

  expect(response.text).toBe('A long report.');
  expect(client.started[1]?.messages.map(({ role }) => role)).toEqual(['user', 'user', 'assistant', 'tool']);
  expect(client.started[1]?.messages.at(-1)?.contents).toMatchObject([{ result: 'counted: 3' }]);
});

test('a run that answers a call can be resumed even if middleware copies its question', async () => {
  const client = scriptedBackground(
    { looks: ['completed'], answer: [call('c1', 'remove', '{}'), wantsTools] },
    { looks: ['queued', 'completed'], answer: report },
  );
  const copying: Middleware = { run: (run, next) => next({ ...run, question: [...run.question] }) };
  const agent = new Agent({ client, tools: [guarded], middleware: [copying] });
  const session = agent.createSession();
  const asking = await agent.runInBackground('Clean up', { session });
  const { approvals } = await asking.wait();
  const run = await agent.runInBackground(approvals.map(approve), { session });

  const response = await agent.resumeBackground(run.toJSON(), { session }).wait();

  expect(response.text).toBe('A long report.');
});

test('a look that fails is not the failure of the run: middleware does not see it', async () => {
  const client = scriptedBackground({
    looks: ['queued', new AgentError('server_error', 'busy'), 'completed'],
    answer: report,
  });
  const agent = new Agent({ client, middleware: [buffering] });
  const run = await agent.runInBackground('Write');

  const failed = await run.poll().catch((error: unknown) => error);
  const response = await run.wait();

  expect(failed).toMatchObject({ code: 'server_error' });
  expect(response.text).toBe('A long report.');
});

test('a start that is refused can be tried in another way', async () => {
  const client = scriptedBackground(
    { looks: [new AgentError('context_length', 'too long')] },
    { looks: ['completed'], answer: report },
  );
  const shortening: Middleware = {
    async *model(modelCall, next) {
      try {
        yield* next();
      } catch {
        yield* next({
          ...modelCall,
          request: { ...modelCall.request, messages: [{ role: 'user', contents: 'Short' }] },
        });
      }
    },
  };

  const run = await new Agent({ client, middleware: [shortening] }).runInBackground('Long');
  const response = await run.wait();

  expect(response.text).toBe('A long report.');
  expect(client.started.map(({ messages }) => messages[0]?.contents)).toEqual(['Long', 'Short']);
});

test('an error of middleware is that of every later look, and nothing is started again', async () => {
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report });
  const failing: Middleware = {
    async *run(_call, next) {
      yield* next();
      throw new Error('not allowed');
    },
  };
  const run = await new Agent({ client, middleware: [failing] }).runInBackground('Write');

  await expect(run.poll()).rejects.toThrow('not allowed');
  await expect(run.poll()).rejects.toThrow('not allowed');

  expect(client.started).toHaveLength(1);
});

test('a background run that middleware answers by itself ends at once, starts nothing and stores nothing', async () => {
  const client = scriptedBackground();
  const refusing: Middleware = {
    async *run() {
      yield chatUpdate({ contents: [{ type: 'text', text: 'We are closed.' }] });
    },
  };
  const agent = new Agent({ client, middleware: [refusing] });
  const session = agent.createSession();

  const run = await agent.runInBackground('Open?', { session });
  const response = await run.wait();

  expect(response.text).toBe('We are closed.');
  expect(run.toJSON()).toMatchObject({ responseId: run.id, sessionId: session.sessionId });
  expect(client.started).toEqual([]);
  expect(await agent.transcript(session)).toEqual([]);
});
