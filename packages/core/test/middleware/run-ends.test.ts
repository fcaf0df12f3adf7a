// What ends a run does so through middleware too: errors, aborts, limits, and middleware that is wrong itself.
import { expect, test } from 'vitest';
import { Agent, AgentError, type Middleware } from '../../src/index.ts';
import { finished, scriptedClient, silence, textsOf } from '../scripted-client.ts';
import { noting } from './noting.ts';

test('a failed run can be begun again, and only what the caller received is stored', async () => {
  const client = scriptedClient([new AgentError('server_error', 'busy')], ['Hi', finished]);
  const again: Middleware = {
    async *run(_call, next) {
      try {
        yield* next();
      } catch {
        yield* next();
      }
    },
  };
  const agent = new Agent({ client, middleware: [again] });
  const session = agent.createSession();

  const response = await agent.run('Hello', { session });

  expect(response.text).toBe('Hi');
  expect(client.requests).toHaveLength(2);
  expect(await agent.transcript(session)).toEqual([
    [
      { role: 'user', contents: 'Hello' },
      { role: 'assistant', contents: 'Hi' },
    ],
  ]);
});

test('an error of middleware ends the run, closes the model and stores nothing', async () => {
  const client = scriptedClient(['One ', 'two', finished]);
  const failing: Middleware = {
    async *run(_call, next) {
      for await (const update of next()) {
        yield update;
        throw new Error('not allowed');
      }
    },
  };
  const agent = new Agent({ client, middleware: [failing] });
  const session = agent.createSession();

  await expect(agent.run('Count', { session })).rejects.toThrow('not allowed');

  expect(client.closedEarly).toBe(1);
  expect(await agent.transcript(session)).toEqual([]);
});

test('an aborted run aborts the signal of its middleware, and finally runs', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');
  const left = Promise.withResolvers<unknown>();
  const cleaning: Middleware = {
    async *run({ signal }, next) {
      try {
        yield* next();
      } finally {
        left.resolve(signal.reason);
      }
    },
  };
  const agent = new Agent({ client: scriptedClient(['One ', silence]), middleware: [cleaning] });
  const stream = agent.runStreaming('Count', { signal: controller.signal });
  const reading = textsOf(stream);

  await new Promise(setImmediate);
  controller.abort(reason);

  await expect(reading).rejects.toBe(reason);
  await stream.cancel();
});

test('limits hold through middleware', async () => {
  const agent = new Agent({ client: scriptedClient(['One two three']), middleware: [noting('any', [])] });

  await expect(agent.run('Count', { limits: { maxBytes: 3 } })).rejects.toMatchObject({ code: 'max_bytes' });
});

test('a method that forgets to return its updates is named', async () => {
  const forgetful = {
    run(_call: unknown, next: () => unknown) {
      next();
    },
  } as unknown as Middleware;
  const agent = new Agent({ client: scriptedClient(['Hi', finished]), middleware: [forgetful] });

  await expect(agent.run('Hello')).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('The run method of a middleware returned no updates.'),
  });
});

test('invalid middleware is refused before anything is sent', () => {
  const client = scriptedClient();

  expect(() => new Agent({ client, middleware: [{}] })).toThrowError(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('method run, model or tool') }),
  );
});

test('a partial answer is kept through middleware when the agent says so', async () => {
  const client = scriptedClient(['Half', new AgentError('stream_truncated', 'cut')]);
  const agent = new Agent({ client, onIncomplete: 'keep', middleware: [noting('any', [])] });
  const session = agent.createSession();

  await expect(agent.run('Go', { session })).rejects.toMatchObject({ code: 'stream_truncated' });

  const [turn] = await agent.transcript(session);
  expect(turn?.map(({ status }) => status)).toEqual([undefined, 'failed']);
});
