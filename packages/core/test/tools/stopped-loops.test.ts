// Tool loops that do not come to their end.
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { Agent, approve, type Middleware, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';
import { sentLines, weatherTool } from './weather-tool.ts';

test("a run that is aborted aborts its tools, with the caller's reason", async () => {
  const running = Promise.withResolvers<AbortSignal>();
  const hang = tool({
    name: 'hang',
    description: 'Waits for the signal.',
    parameters: z.object({}),
    execute: (_input, { signal }) => {
      running.resolve(signal);
      return Promise.withResolvers<never>().promise;
    },
  });
  const client = scriptedClient([call('c1', 'hang', '{}'), wantsTools], ['never', finished]);
  const stop = new AbortController();
  const run = new Agent({ client, tools: [hang] }).run('Go', { signal: stop.signal });
  const toolSignal = await running.promise;
  const reason = new Error('stop');

  stop.abort(reason);

  await expect(run).rejects.toBe(reason);
  expect(toolSignal.reason).toBe(reason);
  expect(client.requests).toHaveLength(1);
});

test('a tool that ignores its signal leaves no timer after the run', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const hang = tool({
    name: 'hang',
    description: 'Hangs.',
    timeoutMs: 60_000,
    async *execute() {
      yield 'running';
      await Promise.withResolvers<never>().promise;
    },
  });
  const client = scriptedClient([call('c1', 'hang', '{}'), wantsTools]);
  const stream = new Agent({ client, tools: [hang] }).runStreaming('Go');

  for await (const { contents } of stream) if (contents[0]?.type === 'tool_progress') break;
  await stream.finalResponse();

  expect(vi.getTimerCount()).toBe(0);
});

test('a tool loop that fails half-way leaves the service id where it was', async () => {
  const client = scriptedClient(
    [
      call('c1', 'get_weather', '{"city":"Paris"}'),
      chatUpdate({ finishReason: 'tool_calls', conversationId: 'resp_2' }),
    ],
    [new Error('gone')],
  );
  const agent = new Agent({ client, history: 'service', tools: [weatherTool()] });
  const session = agent.createSession({ serviceSessionId: 'resp_1' });

  await agent.run('Weather?', { session }).catch(() => {});

  expect(session.serviceSessionId).toBe('resp_1');
});

test('a turn that is interrupted while its tool runs leaves no call without a result', async () => {
  const running = Promise.withResolvers<void>();
  const hang = tool({
    name: 'hang',
    description: 'Hangs.',
    parameters: z.object({}),
    execute: () => {
      running.resolve();
      return Promise.withResolvers<never>().promise;
    },
  });
  const client = scriptedClient(['Wait.', call('c1', 'hang', '{}'), wantsTools], ['Back.', finished]);
  const agent = new Agent({ client, tools: [hang], onIncomplete: 'keep' });
  const session = agent.createSession();
  const stop = new AbortController();
  const run = agent.run('Go', { session, signal: stop.signal }).catch(() => {});
  await running.promise;

  stop.abort();
  await run;
  await agent.run('And?', { session });

  expect(sentLines(client)[1]).toEqual([
    'user: Go',
    'assistant: Wait.\n[This answer was interrupted here.]',
    'call c1 hang {}',
    'result c1 No result: the run ended before this call was answered.',
    'user: And?',
  ]);
});

test('break in the middle of a call closes the model connection and runs nothing', async () => {
  const asked: string[] = [];
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Par'), call('c1', '', 'is"}'), wantsTools]);

  for await (const _update of new Agent({ client, tools: [weatherTool(asked)] }).runStreaming('Go')) break;

  expect(client.closedEarly).toBe(1);
  expect(asked).toEqual([]);
});

test('a run that its tool aborts calls neither the model nor its middleware again', async () => {
  const stop = new AbortController();
  const gate = Promise.withResolvers<void>();
  const asked: Middleware['model'][] = [];
  const noting: Middleware = { model: (_call, next) => (asked.push(noting.model), next()) };
  const stopping = tool({
    name: 'stop',
    description: 'Stops the run.',
    execute: () => {
      stop.abort();
      return gate.promise;
    },
  });
  const client = scriptedClient([call('c1', 'stop', '{}'), wantsTools], ['never', finished]);
  await new Agent({ client, tools: [stopping], middleware: [noting] }).run('Go', stop).catch(() => {});

  gate.resolve();
  await new Promise(setImmediate);

  expect([asked.length, client.requests.length]).toEqual([1, 1]);
});

test('middleware is closed when a run is aborted, although a tool is still running', async () => {
  const stop = new AbortController();
  const closed = Promise.withResolvers<unknown>();
  const closing: Middleware = {
    async *run({ signal }, next) {
      try {
        yield* next();
      } finally {
        closed.resolve(signal.reason);
      }
    },
  };
  const endless = tool({
    name: 'endless',
    description: 'Stops the run and goes on.',
    execute: () => {
      setImmediate(() => stop.abort('enough'));
      return Promise.withResolvers<never>().promise;
    },
  });
  const client = scriptedClient([call('c1', 'endless', '{}'), wantsTools]);

  await new Agent({ client, tools: [endless], middleware: [closing] }).run('Go', stop).catch(() => {});

  expect(await closed.promise).toBe('enough');
});

test('a tool does not run if the run is aborted while its arguments are checked', async () => {
  const stop = new AbortController();
  const ran: string[] = [];
  const check = Promise.withResolvers<boolean>();
  const checked = z.object({}).refine(() => (stop.abort('enough'), check.promise));
  const note = tool({ name: 'note', description: 'Notes.', parameters: checked, execute: () => ran.push('ran') });
  const client = scriptedClient([call('c1', 'note', '{}'), wantsTools]);
  const onToolError = (error: unknown): void => void ran.push(String(error));
  await new Agent({ client, tools: [note], onToolError }).run('Go', stop).catch(() => {});

  check.resolve(true);
  await new Promise(setImmediate);

  expect(ran).toEqual([]);
});

test('a run that is aborted just after the model asks for a tool does not run it, and closes its middleware', async () => {
  const stop = new AbortController();
  const closed = Promise.withResolvers<void>();
  const ran: string[] = [];
  const around: Middleware = {
    async *run(_call, next) {
      try {
        yield* next();
      } finally {
        closed.resolve();
      }
    },
  };
  const client = {
    async *send() {
      yield call('c1', 'note', '{}');
      stop.abort('enough');
    },
  };
  const note = tool({ name: 'note', description: 'Notes.', execute: () => ran.push('ran') });

  await new Agent({ client, tools: [note], middleware: [around] }).run('Go', stop).catch(() => {});
  await closed.promise;

  expect(ran).toEqual([]);
});

test.each([
  ['discard', 'the call still waits, and a second approval runs it again', 2, 'Done.'],
  ['keep', 'its result is stored, and the call no longer waits', 1, 'No call "c1" is waiting for approval'],
] as const)('when the model fails after an approved call, with %s %s', async (onIncomplete, _, runs, outcome) => {
  let count = 0;
  const pay = tool({ name: 'pay', description: 'Pays.', approval: 'always', execute: () => `paid ${(count += 1)}` });
  const client = scriptedClient([call('c1', 'pay', '{}'), wantsTools], [new Error('gone')], ['Done.', finished]);
  const agent = new Agent({ client, tools: [pay], onIncomplete });
  const session = agent.createSession();
  const { approvals } = await agent.run('Pay', { session });
  await agent.run(approvals.map(approve), { session }).catch(() => {});

  const again = await agent.run(approvals.map(approve), { session }).then(
    ({ text }) => text,
    (error: Error) => error.message,
  );

  expect(count).toBe(runs);
  expect(again).toContain(outcome);
});

test("with 'keep', a run that is stopped while its approved tool runs leaves the call waiting", async () => {
  const running = Promise.withResolvers<void>();
  const results = [Promise.withResolvers<never>().promise, 'paid'];
  const pay = tool({
    name: 'pay',
    description: 'Pays.',
    approval: 'always',
    execute: () => (running.resolve(), results.shift()),
  });
  const client = scriptedClient([call('c1', 'pay', '{}'), wantsTools], ['Done.', finished]);
  const agent = new Agent({ client, tools: [pay], onIncomplete: 'keep' });
  const session = agent.createSession();
  const { approvals } = await agent.run('Pay', { session });
  const stop = new AbortController();
  const stopped = agent.run(approvals.map(approve), { session, signal: stop.signal }).catch(() => {});
  await running.promise;
  stop.abort();
  await stopped;

  await agent.run(approvals.map(approve), { session });

  expect(sentLines(client)[1]).toEqual(['user: Pay', 'call c1 pay {}', 'result c1 paid']);
  expect(await agent.transcript(session)).toHaveLength(2);
});
