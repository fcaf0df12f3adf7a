// What a background run leaves in the history, also when storing fails or happens twice.
import { expect, test, vi } from 'vitest';
import { Agent, AgentSession, approve, type HistoryProvider, MemoryHistory } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { type ScriptedResponse, scriptedBackground } from '../scripted-background.ts';
import { call, chatUpdateWithId, finished, text } from '../scripted-client.ts';
import { answers, giveTool } from './give-tool.ts';

test('a partial turn that could not be kept at first is kept once', async () => {
  const history = new MemoryHistory();
  vi.spyOn(history, 'append').mockRejectedValueOnce(new Error('database down'));
  const client = scriptedBackground({ looks: ['queued', 'cancelled'] });
  const { get } = client.background!;
  client.background!.get = async (...all) => ({ ...(await get(...all)), updates: [text('half')] });
  const agent = new Agent({ client, history, onIncomplete: 'keep' });
  const run = await agent.runInBackground('Go', { session: agent.createSession({ sessionId: 's1' }) });
  await expect(run.poll()).rejects.toThrow('database down');

  const response = await run.wait();

  expect(response.text).toBe('half');
  expect((await history.load({ sessionId: 's1' })).messages.map((message) => message.contents)).toEqual(['Go', 'half']);
});

test('what a run gave before it reached its limit of rounds is kept, and is part of the error', async () => {
  const asksOnly: ScriptedResponse = {
    looks: ['completed'],
    answer: [text('Look.'), call('c1', 'give', '{}'), chatUpdate({ finishReason: 'tool_calls' })],
  };
  const client = scriptedBackground(asksOnly, { ...asksOnly, answer: asksOnly.answer!.slice(1) });
  const agent = new Agent({ client, tools: [giveTool()], onIncomplete: 'keep', limits: { maxToolRounds: 1 } });
  const session = agent.createSession();

  const run = await agent.runInBackground('Go', { session });

  await expect(run.wait()).rejects.toMatchObject({ code: 'tool_rounds_exceeded', partial: { text: 'Look.' } });
  const [turn] = await agent.transcript(session);
  expect(turn?.map(({ role, status }) => [role, status])).toEqual([
    ['user', undefined],
    ['assistant', undefined],
    ['tool', undefined],
    ['assistant', 'failed'],
  ]);
});

test('a run that two processes store at the same moment is remembered once', async () => {
  const history = new MemoryHistory();
  const client = scriptedBackground({ ...answers, looks: ['queued', 'completed'] });
  const run = await new Agent({ client, history }).runInBackground('Go', {
    session: new AgentSession({ sessionId: 's' }),
  });
  const bothAppend = Promise.withResolvers<void>();
  let appends = 0;
  const contested: HistoryProvider = {
    load: (...all) => history.load(...all),
    append: async (...all) => {
      appends += 1;
      if (appends === 2) bothAppend.resolve();
      await bothAppend.promise;
      return history.append(...all);
    },
    truncate: (...all) => history.truncate(...all),
    clear: (...all) => history.clear(...all),
  };

  const responses = await Promise.all(
    ['worker', 'webhook'].map((name) => {
      const session = new AgentSession({ sessionId: 's' });
      return new Agent({ client, history: contested, name }).resumeBackground(run.toJSON(), { session }).wait();
    }),
  );

  expect(responses.map((response) => response.text)).toEqual(['Given.', 'Given.']);
  expect((await history.load({ sessionId: 's' })).messages.map((message) => message.contents)).toEqual([
    'Go',
    'Given.',
  ]);
  expect(appends).toBe(2);
});

test('a run at the service that is waited for twice moves the session on once', async () => {
  const client = scriptedBackground({ looks: ['completed'], answer: [text('Given.'), chatUpdateWithId('resp_1')] });
  const agent = new Agent({ client, history: 'service' });
  const session = agent.createSession();
  const token = (await agent.runInBackground('Go', { session })).toJSON();

  const responses = [];
  for (let times = 0; times < 2; times += 1) responses.push(await agent.resumeBackground(token, { session }).wait());

  expect(responses.map((response) => response.text)).toEqual(['Given.', 'Given.']);
  expect(session.serviceSessionId).toBe('resp_1');
});

test('calls that wait are remembered in a conversation whose id stays, and forgotten when answered', async () => {
  const client = scriptedBackground(
    { looks: ['completed'], answer: [call('c1', 'give', '{}'), chatUpdateWithId('conv_1', 'tool_calls')] },
    { looks: ['completed'], answer: [text('Given.'), chatUpdateWithId('conv_1')] },
  );
  const agent = new Agent({ client, tools: [giveTool(() => 'here', 'always')], history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'conv_1' });
  const { approvals } = await (await agent.runInBackground('Go', { session })).wait();

  const response = await (await agent.runInBackground(approvals.map(approve), { session })).wait();

  expect(response.text).toBe('Given.');
  expect(session.state).toEqual({});
});

test("the history of a background run has the caller's id of a message, and not the service's", async () => {
  const said = chatUpdate({ contents: [{ type: 'text', text: 'Yes.' }], messageId: 'msg_1' });
  const client = scriptedBackground({ looks: ['completed'], answer: [said, finished] });
  const agent = new Agent({ client });
  const session = agent.createSession();

  await (await agent.runInBackground({ role: 'user', contents: 'Go', messageId: 'mine' }, { session })).wait();

  expect(session.state['history']).toEqual({
    turns: [
      [
        { role: 'user', contents: 'Go', messageId: 'mine' },
        { role: 'assistant', contents: 'Yes.', runId: 'resp_1' },
      ],
    ],
  });
});
