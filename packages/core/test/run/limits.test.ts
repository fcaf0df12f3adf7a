import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Agent, AgentError, approve, type Limits, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, silence, textsOf, wantsTools } from '../scripted-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a run on a model that says these things comes to, after `ms` of its silence. */
async function afterSilence(limits: Limits, answer: Parameters<typeof scriptedClient>[0], ms: number) {
  const client = scriptedClient(answer);
  const stream = new Agent({ client, limits }).runStreaming('Go');
  const outcome = textsOf(stream).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(ms);
  return { client, outcome, timers: vi.getTimerCount() };
}

test('firstUpdateMs fires while the model is silent and closes its connection', async () => {
  const { client, outcome, timers } = await afterSilence({ firstUpdateMs: 5_000 }, [silence], 5_000);

  expect(await outcome).toMatchObject({ code: 'first_update_timeout', message: expect.stringContaining('5000 ms') });
  expect(client.closedEarly).toBe(1);
  expect(timers).toBe(0);
});

test('a role update does not count as the first one', async () => {
  const { outcome } = await afterSilence({ firstUpdateMs: 50 }, [chatUpdate({ role: 'assistant' }), silence], 50);

  expect(await outcome).toMatchObject({ code: 'first_update_timeout' });
});

test('firstUpdateMs is over with the first word', async () => {
  const { client, timers } = await afterSilence({ firstUpdateMs: 50 }, ['A', silence], 1_000);

  expect(client.closedEarly).toBe(0);
  expect(timers).toBe(0);
});

test('firstUpdateMs ends when the model starts working, and idleMs counts from there', async () => {
  const working = chatUpdate({ role: 'assistant', isWorking: true });

  const { client, outcome } = await afterSilence({ firstUpdateMs: 50, idleMs: 2_000 }, [working, silence], 1_999);
  const closedEarly = client.closedEarly;
  await vi.advanceTimersByTimeAsync(1);

  expect(closedEarly).toBe(0);
  expect(await outcome).toMatchObject({ code: 'idle_timeout', message: expect.stringContaining('2000 ms') });
});

test('idleMs fires in mid-answer, and the error carries what was delivered', async () => {
  const { client, outcome } = await afterSilence({ idleMs: 100 }, ['A', 'B', silence], 101);

  const error = await outcome;

  expect(error).toMatchObject({ code: 'idle_timeout', partial: { text: 'AB', status: 'failed' } });
  expect(client.closedEarly).toBe(1);
});

test('idleMs rests while tools run, and the model that stays silent after them is given up', async () => {
  const slow = tool({
    name: 'slow',
    description: 'Takes almost a second.',
    parameters: z.object({}),
    execute: () => new Promise((resolve) => setTimeout(resolve, 950)),
  });
  const client = scriptedClient([call('c1', 'slow', '{}'), wantsTools], [silence]);
  const failures: unknown[] = [];
  const run = new Agent({ client, tools: [slow], limits: { idleMs: 100 } }).run('Go');
  run.catch((error: unknown) => failures.push(error));

  await vi.advanceTimersByTimeAsync(1_040);
  const failedBefore = failures.length;
  await vi.advanceTimersByTimeAsync(10);

  expect(failedBefore).toBe(0);
  expect(failures).toMatchObject([{ code: 'idle_timeout' }]);
});

test('firstUpdateMs does not count a consented tool that runs before the model is asked', async () => {
  const slow = tool({
    name: 'slow',
    description: 'Takes half a second.',
    parameters: z.object({}),
    approval: 'always',
    execute: () => new Promise((resolve) => setTimeout(resolve, 500, 'done')),
  });
  const client = scriptedClient([call('c1', 'slow', '{}'), wantsTools], ['A', finished]);
  const agent = new Agent({ client, tools: [slow], limits: { firstUpdateMs: 100 } });
  const session = agent.createSession();
  const { approvals } = await agent.run('Go', { session });

  const run = agent.run(approvals.map(approve), { session });
  await vi.advanceTimersByTimeAsync(500);

  expect((await run).text).toBe('A');
});

test('a model that is silent after an approved tool is a first_update_timeout', async () => {
  const remove = tool({ name: 'remove', description: 'Removes.', approval: 'always', execute: () => 'removed' });
  const client = scriptedClient([call('c1', 'remove', '{}'), wantsTools], [silence]);
  const agent = new Agent({ client, tools: [remove], limits: { firstUpdateMs: 100 } });
  const session = agent.createSession();
  const { approvals } = await agent.run('Go', { session });
  const run = textsOf(agent.runStreaming(approvals.map(approve), { session })).catch((error: unknown) => error);

  await vi.advanceTimersByTimeAsync(100);

  expect(await run).toMatchObject({ code: 'first_update_timeout' });
});

test('a reader that takes its time is not the silence of the model', async () => {
  const gate = Promise.withResolvers<void>();
  const client = scriptedClient(['A', chatUpdate({ role: 'assistant' }), 'B', finished]);
  const stream = new Agent({ client, limits: { idleMs: 100 } }).runStreaming('Go');
  const reading = (async () => {
    for await (const update of stream) if (update.text === 'A') await gate.promise;
  })();

  await vi.advanceTimersByTimeAsync(10_000);
  gate.resolve();
  await reading;

  expect((await stream.finalResponse()).text).toBe('AB');
  expect(vi.getTimerCount()).toBe(0);
});

test('updates without contents do not make up for silence', async () => {
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const client = scriptedClient(['A', ...gates.map(() => chatUpdate({ role: 'assistant' })), silence]);
  const { send } = client;
  client.send = (request) => {
    const updates = send(request)[Symbol.asyncIterator]();
    let pulls = 0;
    const next = async () => {
      await gates[pulls++ - 1]?.promise;
      return updates.next();
    };
    return { [Symbol.asyncIterator]: () => ({ ...updates, next }) };
  };
  const outcome = textsOf(new Agent({ client, limits: { idleMs: 100 } }).runStreaming('Go')).catch(
    (error: unknown) => error,
  );

  for (const gate of gates.slice(0, 2)) {
    await vi.advanceTimersByTimeAsync(40);
    gate.resolve();
  }
  await vi.advanceTimersByTimeAsync(25);

  expect(await outcome).toMatchObject({ code: 'idle_timeout' });
});

test('a limit that is undefined is one that is not given', async () => {
  const client = scriptedClient(['A', finished]);
  const agent = new Agent({ client, limits: { totalMs: 5, idleMs: undefined } });

  const response = await agent.run('Go', { limits: { totalMs: undefined } });

  expect(response.text).toBe('A');
});

test('totalMs ends a run however lively it is', async () => {
  const { outcome } = await afterSilence({ totalMs: 1_000 }, ['A', silence], 1_000);

  expect(await outcome).toMatchObject({ code: 'total_timeout' });
});

test('maxBytes counts UTF-8 and lets exactly that many pass', async () => {
  const exact = await new Agent({ client: scriptedClient(['é', 'é', finished]), limits: { maxBytes: 4 } }).run('Go');
  const client = scriptedClient(['é', 'éé', finished]);

  const over = new Agent({ client, limits: { maxBytes: 4 } }).run('Go');

  expect(exact.text).toBe('éé');
  await expect(over).rejects.toMatchObject({ code: 'max_bytes', partial: { text: 'é' } });
  expect(client.closedEarly).toBe(1);
});

test('the update that passes maxBytes is neither delivered nor kept', async () => {
  const client = scriptedClient(['1234', '5', finished]);
  const agent = new Agent({ client, limits: { maxBytes: 4 }, onIncomplete: 'keep' });
  const session = agent.createSession();
  const texts: string[] = [];

  const reading = (async () => {
    for await (const update of agent.runStreaming('Go', { session })) texts.push(update.text);
  })();

  await expect(reading).rejects.toMatchObject({ code: 'max_bytes' });
  expect(texts).toEqual(['1234']);
  expect(session.state['history']).toMatchObject({ turns: [[{}, { contents: '1234', status: 'failed' }]] });
});

test("a run's limits override the agent's one by one, and a finished run leaves no timer", async () => {
  const client = scriptedClient(['A', finished]);
  const agent = new Agent({ client, limits: { totalMs: 10, idleMs: 10 } });

  const response = await agent.run('Go', { limits: { totalMs: 5_000 } });

  expect(response.text).toBe('A');
  expect(vi.getTimerCount()).toBe(0);
});

test('a reader that takes its time before the first word does not make the model late', async () => {
  const gate = Promise.withResolvers<void>();
  const client = scriptedClient([chatUpdate({ role: 'assistant' }), 'A', finished]);
  const stream = new Agent({ client, limits: { firstUpdateMs: 100 } }).runStreaming('Go');
  const reading = (async () => {
    for await (const update of stream) if (update.contents.length === 0) await gate.promise;
  })();

  await vi.advanceTimersByTimeAsync(10_000);
  gate.resolve();
  await reading;

  expect((await stream.finalResponse()).text).toBe('A');
  expect(vi.getTimerCount()).toBe(0);
});

const MILLISECONDS = 'it must be between 1 and 2147483647.';
const COUNT = 'it must be a whole number of at least 1.';

test.each<[Limits, string]>([
  [{ totalMs: 0 }, `limits.totalMs is 0; ${MILLISECONDS}`],
  [{ totalMs: 0.5 }, `limits.totalMs is 0.5; ${MILLISECONDS}`],
  [{ idleMs: -1 }, `limits.idleMs is -1; ${MILLISECONDS}`],
  [{ firstUpdateMs: 2 ** 31 }, `limits.firstUpdateMs is 2147483648; ${MILLISECONDS}`],
  [{ idleMs: '50' as never }, `limits.idleMs is "50"; ${MILLISECONDS}`],
  [{ maxBytes: Number.NaN }, `limits.maxBytes is NaN; ${COUNT}`],
  [{ maxBytes: 1.5 }, `limits.maxBytes is 1.5; ${COUNT}`],
  [{ maxToolRounds: 0 }, `limits.maxToolRounds is 0; ${COUNT}`],
  [{ maxToolRounds: 0.5 }, `limits.maxToolRounds is 0.5; ${COUNT}`],
  [{ maxToolErrors: 2.5 }, `limits.maxToolErrors is 2.5; ${COUNT}`],
])('limits %j are refused, for the agent and for a run', async (limits, message) => {
  const agent = new Agent({ client: scriptedClient() });

  const make = (): Agent => new Agent({ client: scriptedClient(), limits });
  const run = agent.run('Go', { limits });

  expect(make).toThrow(AgentError);
  expect(make).toThrow(message);
  await expect(run).rejects.toMatchObject({ code: 'config_invalid', message });
});
