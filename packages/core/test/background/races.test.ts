// Background runs when things fail or happen at the same time.
import { expect, test, vi } from 'vitest';
import { Agent, AgentError, type AgentErrorCode, MemoryHistory, tool } from '../../src/index.ts';
import { scriptedBackground } from '../scripted-background.ts';
import { text } from '../scripted-client.ts';
import { answers, asksTool, giveTool } from './give-tool.ts';

/** Makes the nth start fail once. */
function failStart(client: ReturnType<typeof scriptedBackground>, nth: number, code: AgentErrorCode): void {
  const { start } = client.background!;
  let starts = 0;
  client.background!.start = async (request) => {
    starts += 1;
    if (starts === nth) throw new AgentError(code, 'blip');
    return start(request);
  };
}

test('a run that the service accepted is returned although its next step failed', async () => {
  const done: string[] = [];
  const client = scriptedBackground({ ...asksTool, looks: ['completed'] }, { ...answers, looks: ['completed'] });
  failStart(client, 2, 'server_error');
  const agent = new Agent({ client, tools: [giveTool(() => done.push('gave'))] });

  const run = await agent.runInBackground('Go');

  expect(run.id).toBe('resp_1');
  expect((await run.wait()).text).toBe('Look: now. Given.');
  expect(done).toEqual(['gave']);
});

test('a start that is aborted while the history loads rejects at once and frees the session', async () => {
  const history = new MemoryHistory();
  vi.spyOn(history, 'load').mockReturnValueOnce(Promise.withResolvers<never>().promise);
  const client = scriptedBackground({ looks: ['queued'] });
  const agent = new Agent({ client, history });
  const session = agent.createSession();
  const stop = new AbortController();
  const reason = new Error('stop');
  const start = agent.runInBackground('Go', { session, signal: stop.signal });

  stop.abort(reason);

  await expect(start).rejects.toBe(reason);
  expect(client.log).toEqual([]);
  await expect(agent.runInBackground('Go', { session })).resolves.toBeDefined();
});

test('cancel aborts running tools and does not wait for them', async () => {
  const client = scriptedBackground(asksTool);
  const { get } = client.background!;
  client.background!.cancel = get;
  const running = Promise.withResolvers<AbortSignal>();
  const stubborn = tool({
    name: 'give',
    description: 'Gives.',
    execute: (_input, { signal }) => {
      running.resolve(signal);
      return Promise.withResolvers<never>().promise;
    },
  });
  const run = await new Agent({ client, tools: [stubborn] }).runInBackground('Go');
  const poll = run.poll();
  const signal = await running.promise;

  await run.cancel();

  expect(signal.aborted).toBe(true);
  expect(await poll).toBe('cancelled');
  expect(await run.wait()).toMatchObject({ status: 'cancelled', text: 'Look: now. ' });
  expect(client.started).toHaveLength(1);
});

test('cancel while the response after the tools is being started also stops that response', async () => {
  const client = scriptedBackground(asksTool, { looks: ['in_progress'] });
  const { cancel, get, start } = client.background!;
  client.background!.cancel = (id, options) => (id === 'resp_1' ? get(id, options) : cancel(id, options));
  const run = await new Agent({ client, tools: [giveTool()] }).runInBackground('Go');
  const starting = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  client.background!.start = async (request) => {
    starting.resolve();
    await gate.promise;
    return start(request);
  };
  const poll = run.poll();
  await starting.promise;

  const cancelling = run.cancel();
  gate.resolve();
  await Promise.all([poll, cancelling]);

  expect(run.status).toBe('cancelled');
  expect(client.log).toContain('cancel resp_2');
});

test('cancel comes before the tools of a response that has just ended: they do not run', async () => {
  const done: string[] = [];
  const client = scriptedBackground(asksTool, { looks: ['in_progress'] });
  const { get } = client.background!;
  client.background!.cancel = get;
  const run = await new Agent({ client, tools: [giveTool(() => done.push('gave'))] }).runInBackground('Go');

  await run.cancel();

  expect(done).toEqual([]);
  expect(run.status).toBe('cancelled');
  expect(await run.wait()).toMatchObject({ status: 'cancelled' });
  expect(client.started).toHaveLength(1);
});

test('a run that is still open after its cancel is cancelled once', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const cancelled: string[] = [];
  client.background!.cancel = async (id) => {
    cancelled.push(id);
    if (cancelled.length > 1) throw new Error('cancelled again');
    return { id, status: 'in_progress', updates: [], error: null, retryAfterMs: null };
  };
  const run = await new Agent({ client }).runInBackground('Go');

  await run.cancel();

  expect(cancelled).toEqual(['resp_1']);
  expect(run.status).toBe('queued');
});

test('updates of a run that failed end with its error, not as if it had answered', async () => {
  const error = new AgentError('response_failed', 'no');
  const client = scriptedBackground({ looks: ['queued', 'failed'], events: [text('half')], error });
  const run = await new Agent({ client }).runInBackground('Go', { stream: true });
  const seen: string[] = [];

  const reading = (async () => {
    for await (const update of run.updates()) seen.push(update.text);
  })();

  await expect(reading).rejects.toBe(error);
  expect(seen).toEqual(['half']);
});

test('a position in one response is not taken for one in the next', async () => {
  const client = scriptedBackground(asksTool, answers);
  const run = await new Agent({ client, tools: [giveTool()] }).runInBackground('Go', { stream: true });
  const updates = run.updates();
  await updates.next();
  await run.poll();

  await updates.next();

  expect(run.toJSON()).toMatchObject({ responseId: 'resp_2', sequenceNumber: null });
  await updates.return(undefined);
});

test('updates miss nothing when somebody else looks meanwhile', async () => {
  const client = scriptedBackground(asksTool, answers);
  const run = await new Agent({ client, tools: [giveTool()] }).runInBackground('Go', { stream: true });
  const updates = run.updates();
  await updates.next();
  await run.poll();

  const rest = await Array.fromAsync(updates);

  expect(rest.map((update) => update.contents[0]?.type ?? update.finishReason)).toEqual([
    'text',
    'function_call',
    'tool_calls',
    'function_result',
    'text',
    'stop',
  ]);
});

test('updates resumed after a failed step still show what the tools did before it', async () => {
  const client = scriptedBackground(asksTool, answers);
  failStart(client, 2, 'auth');
  const run = await new Agent({ client, tools: [giveTool()] }).runInBackground('Go', { stream: true });
  const first = Array.fromAsync(run.updates());
  await expect(first).rejects.toMatchObject({ code: 'auth' });

  const rest = await Array.fromAsync(run.updates());

  expect(rest.map((update) => update.contents[0]?.type ?? update.finishReason)).toEqual([
    'function_call',
    'tool_calls',
    'function_result',
    'text',
    'stop',
  ]);
});
