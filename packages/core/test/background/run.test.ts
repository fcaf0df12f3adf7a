// A background run from its start to its stored turn.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Agent, AgentError, AgentSession, MemoryHistory } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { scriptedBackground } from '../scripted-background.ts';
import { chatUpdateWithId, scriptedClient, text } from '../scripted-client.ts';
import { passTime, report } from './report.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
