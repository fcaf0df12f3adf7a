import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Agent, AgentError, AgentSession, approve, MemoryHistory, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { scriptedBackground } from '../scripted-background.ts';
import { call, chatUpdateWithId, finished, scriptedClient, text, wantsTools } from '../scripted-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const report = [text('A long '), text('report.'), finished];

/** Lets the timers of a wait pass until it has settled. */
async function passTime<T>(waiting: Promise<T>): Promise<T> {
  waiting.catch(() => {});
  await vi.advanceTimersByTimeAsync(120_000);
  return waiting;
}

test('a run is started, polled and delivered, and the turn is stored with its question', async () => {
  const client = scriptedBackground({ looks: ['queued', 'in_progress', 'completed'], answer: report });
  const agent = new Agent({ client, name: 'writer' });
  const session = agent.createSession();

  const run = await agent.runInBackground('Write the report', { session });
  const seen = [run.status, await run.poll(), await run.poll()];
  const response = await run.wait();

  expect(seen).toEqual(['queued', 'in_progress', 'completed']);
  expect(response).toMatchObject({ text: 'A long report.', status: 'completed' });
  expect(client.log).toEqual(['start resp_1', 'get resp_1', 'get resp_1']);
  expect(session.state['history']).toEqual({
    turns: [
      [
        { role: 'user', contents: 'Write the report' },
        { role: 'assistant', contents: 'A long report.', authorName: 'writer', runId: 'resp_1' },
      ],
    ],
  });
});

test('wait polls with growing pauses of at least 250 ms until the end', async () => {
  const looks = [...Array(6).fill('in_progress'), 'completed'] as const;
  const client = scriptedBackground({ looks, answer: report });
  const run = await new Agent({ client }).runInBackground('Go');
  const started = Date.now();
  const times: number[] = [];
  const { get } = client.background!;
  client.background!.get = (...all) => (times.push(Date.now() - started), get(...all));

  await passTime(run.wait({ pollMs: 1 }));

  const pauses = times.map((time, index) => time - (times[index - 1] ?? 0)).slice(1);
  expect(times).toHaveLength(6);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(249);
  expect(pauses.at(-1)).toBeGreaterThan(pauses[0]!);
  expect(vi.getTimerCount()).toBe(0);
});

test('wait honours what the service asks between looks', async () => {
  const client = scriptedBackground({ looks: ['queued', 'queued', 'completed'], answer: report });
  const { get } = client.background!;
  client.background!.get = async (...all) => ({ ...(await get(...all)), retryAfterMs: 30_000 });
  const run = await new Agent({ client }).runInBackground('Go');
  const waiting = run.wait({ pollMs: 250 });

  await vi.advanceTimersByTimeAsync(29_999);
  const looksBefore = client.log.length;
  await vi.advanceTimersByTimeAsync(6_001);

  expect(looksBefore).toBe(2);
  expect((await waiting).text).toBe('A long report.');
});

test('poll() reports the wait that the service asks for, and a hanging poll can be aborted', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const { get } = client.background!;
  client.background!.get = async (...all) => ({ ...(await get(...all)), retryAfterMs: 30_000 });
  const run = await new Agent({ client }).runInBackground('Go');
  const asked = [run.retryAfterMs];
  await run.poll();
  asked.push(run.retryAfterMs);
  client.background!.get = () => Promise.withResolvers<never>().promise;
  const stop = new AbortController();

  const waiting = run.poll({ signal: stop.signal });
  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  expect(asked).toEqual([null, 30_000]);
});

test('a wait that the service asks for and no timer holds does not become no wait', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const { get } = client.background!;
  client.background!.get = async (...all) => ({ ...(await get(...all)), retryAfterMs: 1e13 });
  const run = await new Agent({ client }).runInBackground('Go');
  const stop = new AbortController();
  const waiting = run.wait({ signal: stop.signal });

  await vi.advanceTimersByTimeAsync(60_000);
  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  expect(client.log).toEqual(['start resp_1', 'get resp_1']);
});

test('wait gives up at its deadline also while a look hangs', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const run = await new Agent({ client }).runInBackground('Go');
  client.background!.get = () => Promise.withResolvers<never>().promise;

  const waiting = passTime(run.wait({ timeoutMs: 5_000 }));

  await expect(waiting).rejects.toMatchObject({ code: 'background_timeout' });
  expect(vi.getTimerCount()).toBe(0);
});

test('wait gives up at its deadline while the run goes on', async () => {
  const client = scriptedBackground({ looks: ['in_progress'] });
  const run = await new Agent({ client }).runInBackground('Go');

  const waiting = passTime(run.wait({ timeoutMs: 5_000 }));

  await expect(waiting).rejects.toMatchObject({
    code: 'background_timeout',
    message: expect.stringContaining('in_progress'),
  });
  expect(client.log).not.toContain('cancel resp_1');
});

test("wait ends with its signal's reason while the run goes on", async () => {
  const client = scriptedBackground({ looks: ['in_progress'] });
  const run = await new Agent({ client }).runInBackground('Go');
  const stop = new AbortController();
  const waiting = run.wait({ signal: stop.signal });
  await vi.advanceTimersByTimeAsync(10);
  const reason = new Error('enough');

  stop.abort(reason);

  await expect(waiting).rejects.toBe(reason);
  expect(client.log).not.toContain('cancel resp_1');
  expect(vi.getTimerCount()).toBe(0);
});

test.each(['connection_failed', 'rate_limited', 'server_error', 'stream_truncated'] as const)(
  'a poll that fails with %s is made again; five in a row are the error',
  async (code) => {
    const blip = new AgentError(code, 'blip');
    const once = scriptedBackground({ looks: ['queued', blip, 'completed'], answer: report });
    const always = scriptedBackground({ looks: ['queued', blip] });

    const first = await passTime((await new Agent({ client: once }).runInBackground('Go')).wait());
    const second = passTime((await new Agent({ client: always }).runInBackground('Go')).wait());

    expect(first.text).toBe('A long report.');
    await expect(second).rejects.toBe(blip);
    expect(always.log).toHaveLength(6);
  },
);

test('a poll that fails for good is not made again', async () => {
  const refused = new AgentError('auth', 'no');
  const client = scriptedBackground({ looks: ['queued', refused, 'completed'], answer: report });
  const run = await new Agent({ client }).runInBackground('Go');

  const waiting = passTime(run.wait());

  await expect(waiting).rejects.toBe(refused);
  expect(client.log).toEqual(['start resp_1', 'get resp_1']);
});

test('a first pause of more than ten seconds is kept, and does not grow', async () => {
  const client = scriptedBackground({ looks: [...Array(4).fill('in_progress'), 'completed'], answer: report });
  const run = await new Agent({ client }).runInBackground('Go');
  const pauses: number[] = [];

  await run.follow({ pollMs: 60_000, news: async (timeoutMs) => void pauses.push(timeoutMs) });

  expect(pauses).toHaveLength(3);
  for (const pause of pauses) expect(pause).toSatisfy((ms: number) => ms >= 60_000 && ms <= 72_000);
});

test.each([
  ['failed', { code: 'response_failed', serviceCode: 'rate_limit_exceeded' }],
  ['expired', { code: 'background_expired' }],
] as const)('a run that %s is an error and leaves no turn', async (status, expected) => {
  const error = new AgentError('response_failed', 'no', { serviceCode: 'rate_limit_exceeded' });
  const client = scriptedBackground({ looks: ['queued', status], error });
  const agent = new Agent({ client });
  const session = agent.createSession();
  const run = await agent.runInBackground('Go', { session });

  const waiting = passTime(run.wait());

  await expect(waiting).rejects.toMatchObject(expected);
  expect(run.status).toBe(status);
  expect(session.state).toEqual({});
});

test('an incomplete run is an answer that says so', async () => {
  const client = scriptedBackground({
    looks: ['incomplete'],
    answer: [text('Once'), chatUpdate({ finishReason: 'length' })],
  });

  const response = await (await new Agent({ client }).runInBackground('Go')).wait();

  expect(response).toMatchObject({ text: 'Once', status: 'incomplete', finishReason: 'length' });
});

test('cancel stops the run at the service, and the response says so', async () => {
  const client = scriptedBackground({ looks: ['in_progress'] });
  const agent = new Agent({ client });
  const session = agent.createSession();
  const run = await agent.runInBackground('Go', { session });

  await run.cancel();

  expect(await run.wait()).toMatchObject({ status: 'cancelled', text: '' });
  expect(run.status).toBe('cancelled');
  expect(client.log).toEqual(['start resp_1', 'cancel resp_1', 'get resp_1']);
  expect(session.state).toEqual({});
});

test('a client without background is refused before anything is sent', async () => {
  const client = scriptedClient();

  const start = new Agent({ client }).runInBackground('Go');

  await expect(start).rejects.toMatchObject({ code: 'background_unsupported' });
  expect(client.requests).toEqual([]);
});

test('the session is busy while the run starts, and free as soon as it is in the background', async () => {
  const client = scriptedBackground({ looks: ['queued'] }, { looks: ['queued'] });
  const agent = new Agent({ client });
  const session = agent.createSession();

  const first = agent.runInBackground('one', { session });
  const second = agent.runInBackground('two', { session });

  await expect(second).rejects.toMatchObject({ code: 'session_busy' });
  await first;
  await expect(agent.runInBackground('three', { session })).resolves.toBeDefined();
});

test('a token resumed in other processes delivers the turn once, however many resume it', async () => {
  const history = new MemoryHistory();
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report });
  const agent = new Agent({ client, history });
  const run = await agent.runInBackground('Write', { session: agent.createSession({ sessionId: 's1' }) });
  const token = JSON.stringify(run);

  const responses = [];
  for (const _process of [1, 2, 3]) {
    const other = new Agent({ client, history });
    const session = other.createSession({ sessionId: 's1' });
    responses.push(await other.resumeBackground(JSON.parse(token), { session }).wait());
  }

  expect(responses.map((response) => response.text)).toEqual(Array(3).fill('A long report.'));
  expect((await history.load({ sessionId: 's1' })).messages.map((message) => message.contents)).toEqual([
    'Write',
    'A long report.',
  ]);
});

test('turns that others add meanwhile stay, and the background turn comes after them', async () => {
  const history = new MemoryHistory();
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report });
  const agent = new Agent({ client, history });
  const run = await agent.runInBackground('Write', { session: agent.createSession({ sessionId: 's1' }) });
  await history.append({ sessionId: 's1' }, [{ role: 'user', contents: 'meanwhile' }], 0);

  await run.wait();

  expect((await history.load({ sessionId: 's1' })).messages.map((message) => message.contents)).toEqual([
    'meanwhile',
    'Write',
    'A long report.',
  ]);
});

test('a turn that could not be stored is stored by a later look', async () => {
  const history = new MemoryHistory();
  const down = vi.spyOn(history, 'append').mockRejectedValueOnce(new Error('database down'));
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report });
  const agent = new Agent({ client, history });
  const run = await agent.runInBackground('Write', { session: agent.createSession({ sessionId: 's1' }) });

  await expect(run.poll()).rejects.toThrow('database down');
  const response = await run.wait();

  expect(response.text).toBe('A long report.');
  expect(down).toHaveBeenCalledTimes(2);
});

test('the token is small, and it does not grow with the answer', async () => {
  const client = scriptedBackground({
    looks: ['queued'],
    events: Array.from({ length: 500 }, () => text('words and words ')),
  });
  const run = await new Agent({ client }).runInBackground('Write', { stream: true });
  const before = JSON.stringify(run);

  for await (const _update of run.updates()) if (run.sequenceNumber === 499) break;
  const after = JSON.stringify(run);

  expect(after.length - before.length).toBeLessThanOrEqual(0);
  expect(JSON.parse(after)).toMatchObject({ version: 1, responseId: 'resp_1', sequenceNumber: 499 });
});

test('updates pass over a poll that was cut off after the stream had ended', async () => {
  const cut = new AgentError('stream_truncated', 'cut');
  const client = scriptedBackground({ looks: ['queued', cut, 'completed'], answer: report });
  const run = await new Agent({ client }).runInBackground('Write', { stream: true });

  const updates = await passTime(Array.fromAsync(run.updates()));

  expect(updates.map((update) => update.text)).toEqual(['A long ', 'report.', '']);
  expect(client.log).toEqual(['start resp_1', 'stream resp_1 after null', 'get resp_1', 'get resp_1']);
});

test('updates stream the run and end with the turn stored', async () => {
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report });
  const agent = new Agent({ client, name: 'writer' });
  const session = agent.createSession();
  const run = await agent.runInBackground('Write', { session, stream: true });

  const updates = await Array.fromAsync(run.updates());

  expect(updates.map((update) => [update.text, update.authorName])).toEqual([
    ['A long ', 'writer'],
    ['report.', 'writer'],
    ['', 'writer'],
  ]);
  expect((await run.wait()).text).toBe('A long report.');
  expect(session.state['history']).toMatchObject({ turns: [[{ contents: 'Write' }, { contents: 'A long report.' }]] });
});

test('left at any point and resumed by token, the texts join to the answer: nothing twice, nothing missing', async () => {
  vi.useRealTimers();
  const words = Array.from({ length: 12 }, (_, index) => text(`w${index} `));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }), async (stops) => {
      const history = new MemoryHistory();
      const client = scriptedBackground({ looks: ['queued', 'completed'], answer: [...words, finished] });
      const agent = new Agent({ client, history });
      const session = () => agent.createSession({ sessionId: 's1' });
      let run = await agent.runInBackground('Go', { session: session(), stream: true });
      let seen = '';

      for (const stop of stops) {
        let left = stop;
        for await (const update of run.updates()) {
          seen += update.text;
          left -= 1;
          if (left === 0) break;
        }
        run = agent.resumeBackground(JSON.parse(JSON.stringify(run)), { session: session() });
      }
      for await (const update of run.updates()) seen += update.text;

      expect(seen).toBe((await run.wait()).text);
      expect((await history.load({ sessionId: 's1' })).version).toBe(1);
    }),
  );
});

test('a stream that breaks off is resumed where it was', async () => {
  const cut = new AgentError('stream_truncated', 'cut');
  const events: (ReturnType<typeof text> | AgentError)[] = [text('A long '), cut];
  const client = scriptedBackground({ looks: ['queued', 'completed'], answer: report, events });
  const run = await new Agent({ client }).runInBackground('Write', { stream: true });
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const update of run.updates()) seen.push(update.text);
  };

  await expect(read()).rejects.toBe(cut);
  events.splice(1, 1, text('report.'), finished);
  await read();

  expect(seen).toEqual(['A long ', 'report.', '']);
  expect(client.log).toEqual(['start resp_1', 'stream resp_1 after null', 'stream resp_1 after 0', 'get resp_1']);
});

test('a position inside the arguments of a call is not used to resume', async () => {
  const events = [text('Look: '), call('c1', 'give', '{"a":'), call('c1', '', '1}'), wantsTools];
  const client = scriptedBackground({ looks: ['queued'], events });
  const run = await new Agent({ client }).runInBackground('Go', { stream: true });
  const updates = run.updates();

  for (const _event of [1, 2, 3]) await updates.next();

  expect(run.sequenceNumber).toBe(0);
  await updates.return(undefined);
});

test('tools of a finished response run once, and the run goes on in the background', async () => {
  const done: string[] = [];
  const give = tool({
    name: 'give',
    description: 'Gives.',
    parameters: z.object({}),
    execute: () => done.push('gave'),
  });
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  const client = scriptedBackground(
    {
      looks: ['queued', 'completed'],
      answer: [call('c1', 'give', '{}'), chatUpdate({ finishReason: 'tool_calls', usage })],
    },
    { looks: ['queued', 'completed'], answer: [text('Given.'), chatUpdate({ finishReason: 'stop', usage })] },
  );
  const agent = new Agent({ client, tools: [give] });
  const session = agent.createSession();
  const run = await agent.runInBackground('Go', { session });

  const seen = [await run.poll(), run.id, await run.poll()];
  const response = await run.wait();

  expect(seen).toEqual(['queued', 'resp_2', 'completed']);
  expect(done).toEqual(['gave']);
  expect(response).toMatchObject({ text: 'Given.', usage: { totalTokens: 4 } });
  expect(response.messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'assistant']);
  expect(client.started[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool']);
  expect(session.state['history']).toMatchObject({
    turns: [[{ contents: 'Go' }, {}, {}, { contents: 'Given.', runId: 'resp_1' }]],
  });
});

test('a run resumed after its tools ran does not run them again, and delivers the whole turn', async () => {
  const done: string[] = [];
  const give = tool({
    name: 'give',
    description: 'Gives.',
    parameters: z.object({}),
    execute: () => done.push('gave'),
  });
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  const client = scriptedBackground(
    {
      looks: ['queued', 'completed'],
      answer: [call('c1', 'give', '{}'), chatUpdate({ finishReason: 'tool_calls', usage })],
    },
    { looks: ['queued', 'completed'], answer: [text('Given.'), chatUpdate({ finishReason: 'stop', usage })] },
  );
  const history = new MemoryHistory();
  const agent = new Agent({ client, tools: [give], history });
  const run = await agent.runInBackground('Go', { session: agent.createSession({ sessionId: 's1' }) });
  await run.poll();

  const resumed = agent.resumeBackground(JSON.parse(JSON.stringify(run)), {
    session: agent.createSession({ sessionId: 's1' }),
  });
  const response = await resumed.wait();

  expect(done).toEqual(['gave']);
  expect(response).toMatchObject({ text: 'Given.', usage: { totalTokens: 4 } });
  expect((await history.load({ sessionId: 's1' })).messages.map((message) => message.role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
  ]);
});

test('a run says what its earlier responses wrote, and one resumed elsewhere says the same', async () => {
  const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => 'here' });
  const client = scriptedBackground(
    { looks: ['queued', 'completed'], answer: [call('c1', 'give', '{}'), wantsTools] },
    { looks: ['queued'], answer: [] },
  );
  const agent = new Agent({ client, tools: [give] });
  const run = await agent.runInBackground('Go');
  const before = run.messages;

  await run.poll();
  const resumed = agent.resumeBackground(JSON.parse(JSON.stringify(run)));

  expect(before).toEqual([]);
  expect(run.messages).toEqual([
    { role: 'assistant', contents: [{ type: 'function_call', callId: 'c1', name: 'give', arguments: '{}' }] },
    { role: 'tool', contents: [{ type: 'function_result', callId: 'c1', result: 'here' }] },
  ]);
  expect(resumed.messages).toEqual(run.messages);
});

test('updates go on through tools: call, result and text in order', async () => {
  const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => 'here' });
  const client = scriptedBackground(
    { looks: ['queued', 'completed'], answer: [call('c1', 'give', '{}'), wantsTools] },
    { looks: ['queued', 'completed'], answer: [text('Given.'), finished] },
  );
  const run = await new Agent({ client, tools: [give] }).runInBackground('Go', { stream: true });

  const updates = await Array.fromAsync(run.updates());

  expect(updates.map((update) => update.contents[0]?.type ?? update.finishReason)).toEqual([
    'function_call',
    'tool_calls',
    'function_result',
    'text',
    'stop',
  ]);
});

test('a call that needs consent ends the run with a request, and the next run answers it', async () => {
  const done: string[] = [];
  const remove = tool({
    name: 'remove',
    description: 'Removes.',
    parameters: z.object({}),
    approval: 'always',
    execute: () => done.push('removed'),
  });
  const client = scriptedBackground(
    { looks: ['completed'], answer: [call('c1', 'remove', '{}'), wantsTools] },
    { looks: ['completed'], answer: [text('Done.'), finished] },
  );
  const agent = new Agent({ client, tools: [remove] });
  const session = agent.createSession();
  const { approvals } = await (await agent.runInBackground('Go', { session })).wait();

  const response = await (await agent.runInBackground(approvals.map(approve), { session })).wait();

  expect(done).toEqual(['removed']);
  expect(response.text).toBe('Done.');
});

test('with history at the service the id moves when the run has ended, and not before', async () => {
  const client = scriptedBackground({
    looks: ['queued', 'completed'],
    answer: [text('Yes.'), chatUpdateWithId('resp_1')],
  });
  const agent = new Agent({ client, history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'resp_0' });
  const run = await agent.runInBackground('Go', { session });
  const before = session.serviceSessionId;

  const restored = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await agent.resumeBackground(JSON.parse(JSON.stringify(run)), { session: restored }).wait();

  expect(before).toBe('resp_0');
  expect(restored.serviceSessionId).toBe('resp_1');
  expect(client.started[0]?.conversation).toEqual({ id: 'resp_0' });
});

test('a service session that has gone on meanwhile is not moved back', async () => {
  const client = scriptedBackground({
    looks: ['queued', 'completed'],
    answer: [text('Yes.'), chatUpdateWithId('resp_1')],
  });
  const agent = new Agent({ client, history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'resp_0' });
  const run = await agent.runInBackground('Go', { session });
  session.serviceSessionId = 'resp_9';

  const waiting = run.wait();

  await expect(waiting).rejects.toMatchObject({ code: 'history_conflict' });
  expect(session.serviceSessionId).toBe('resp_9');
});

const emptyToken = {
  type: 'background_run',
  version: 1,
  runId: 'r',
  responseId: 'resp_1',
  sequenceNumber: null,
  question: [],
  rounds: [],
  usage: null,
  stream: false,
  sessionId: null,
  serviceSessionId: null,
};
const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 1, totalTokens: 1 });

test.each([
  ['that is text', 'x', 'it is a string, not an object'],
  ['of another type', { ...emptyToken, type: 'job' }, '"type" is not one this library reads (background_run)'],
  ['of a newer version', { ...emptyToken, version: 2 }, '"version" is not one this library reads (1)'],
  ['without a response id', { ...emptyToken, responseId: undefined }, '"responseId" is missing'],
  ['with more than a token has', { ...emptyToken, admin: true }, 'it has the unknown member "admin"'],
  ['at a negative event', { ...emptyToken, sequenceNumber: -7 }, '"sequenceNumber" is a number, not a whole number'],
  ['with text for a question', { ...emptyToken, question: 'Go' }, '"question" is a string, not a list'],
  ['with a usage that counts nothing', { ...emptyToken, usage: {} }, '"usage.inputTokens" is missing'],
  [
    'with tokens below zero',
    { ...emptyToken, usage: usage(-1) },
    '"usage.inputTokens" is a number, not a whole number',
  ],
  ['with half a token of usage', { ...emptyToken, usage: usage(0.5) }, '"usage.inputTokens" is a number, not a whole'],
])('a token %s is refused', (_what, json, problem) => {
  const resume = (): unknown => new Agent({ client: scriptedBackground() }).resumeBackground(json);

  expect(resume).toThrow(problem);
  expect(resume).toThrow(expect.objectContaining({ code: 'token_invalid' }));
});

test('a token is resumed only with its own session', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const agent = new Agent({ client });
  const run = await agent.runInBackground('Go', { session: agent.createSession({ sessionId: 's1' }) });
  const token: unknown = JSON.parse(JSON.stringify(run));

  const bare = (): unknown => agent.resumeBackground(token);
  const other = (): unknown => agent.resumeBackground(token, { session: agent.createSession({ sessionId: 's2' }) });

  expect(bare).toThrow('belongs to session s1, but none was given');
  expect(other).toThrow('belongs to session s1, but s2 was given');
});
