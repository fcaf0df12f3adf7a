import { expect, test } from 'vitest';
import { Agent, AgentError, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, sentTexts, silence, wantsTools } from '../scripted-client.ts';

test('an interrupted turn is not remembered by default', async () => {
  const client = scriptedClient(
    ['A', 'B', finished],
    ['C', new AgentError('stream_truncated', 'cut')],
    ['D', finished],
  );
  const agent = new Agent({ client });
  const session = agent.createSession();

  for await (const update of agent.runStreaming('first', { session })) if (update.text === 'A') break;
  await agent.run('second', { session }).catch(() => {});
  await agent.run('third', { session });

  expect(sentTexts(client)).toEqual([['first'], ['second'], ['third']]);
});

test("onIncomplete 'keep' stores what was delivered, and the model learns that it is half an answer", async () => {
  const client = scriptedClient(['A', 'B', finished], [new AgentError('response_failed', 'no')], ['D', finished]);
  const agent = new Agent({ client, onIncomplete: 'keep', name: 'guide' });
  const session = agent.createSession();

  for await (const update of agent.runStreaming('first', { session })) if (update.text === 'A') break;
  await agent.run('second', { session }).catch(() => {});
  await agent.run('third', { session });

  expect(sentTexts(client)[2]).toEqual([
    'first',
    'A\n[This answer was interrupted here.]',
    'second',
    '[This answer was interrupted before its first word.]',
    'third',
  ]);
  expect(session.toJSON().state['history']).toMatchObject({
    turns: [
      [{ contents: 'first' }, { contents: 'A', status: 'cancelled', authorName: 'guide' }],
      [{ contents: 'second' }, { role: 'assistant', contents: '', status: 'failed' }],
      [{ contents: 'third' }, { contents: 'D' }],
    ],
  });
});

test.each([
  ['before its first word', [], ['before']],
  ['after the result of its tool', [call('1', 'give', '{}'), wantsTools], ['call', 'result', 'before']],
] as const)('an answer that the filter cuts off %s is marked, and the model gets the mark', async (_, round, said) => {
  const cut = chatUpdate({ finishReason: 'content_filter' });
  const rounds = round.length === 0 ? [] : [round];
  const client = scriptedClient(...rounds, [cut], ['Yes.', finished]);
  const give = tool({ name: 'give', description: 'Gives.', execute: () => 'here' });
  const agent = new Agent({ client, tools: [give] });
  const session = agent.createSession();

  const { messages, status } = await agent.run('first', { session });
  await agent.run('second', { session });

  const stored = (await agent.transcript(session))[0];
  expect([status, messages.at(-1)?.role ?? null]).toEqual(['incomplete', round.length === 0 ? null : 'tool']);
  expect(stored?.at(-1)).toEqual({ role: 'assistant', contents: '', status: 'incomplete' });
  expect(client.requests.at(-1)?.messages.slice(1, -1)).toHaveLength(said.length);
  expect(client.requests.at(-1)?.messages.at(-2)).toEqual({
    role: 'assistant',
    contents: '[This answer was interrupted before its first word.]',
  });
});

test('an answer that failed after some words is marked as failed', async () => {
  const client = scriptedClient(['A', new AgentError('stream_truncated', 'cut')]);
  const agent = new Agent({ client });
  const session = agent.createSession();

  await agent.run('first', { session, onIncomplete: 'keep' }).catch(() => {});

  expect(session.toJSON().state['history']).toEqual({
    turns: [
      [
        { role: 'user', contents: 'first' },
        { role: 'assistant', contents: 'A', status: 'failed' },
      ],
    ],
  });
});

test("the service's id of a message is in the response and not in the history", async () => {
  const said = (text: string) => chatUpdate({ contents: [{ type: 'text', text }], messageId: 'msg_1' });
  const client = scriptedClient([said('A'), finished], [said('B'), new AgentError('stream_truncated', 'cut')]);
  const agent = new Agent({ client, name: 'guide', onIncomplete: 'keep' });
  const session = agent.createSession();

  const { messages } = await agent.run('first', { session });
  await agent.run('second', { session }).catch(() => {});

  expect(messages).toEqual([{ role: 'assistant', contents: 'A', authorName: 'guide', messageId: 'msg_1' }]);
  expect(session.toJSON().state['history']).toEqual({
    turns: [
      [
        { role: 'user', contents: 'first' },
        { role: 'assistant', contents: 'A', authorName: 'guide' },
      ],
      [
        { role: 'user', contents: 'second' },
        { role: 'assistant', contents: 'B', authorName: 'guide', status: 'failed' },
      ],
    ],
  });
});

test('an aborted run with keep rejects with the reason and has stored the delivered words', async () => {
  const client = scriptedClient(['A', silence]);
  const agent = new Agent({ client, onIncomplete: 'keep' });
  const session = agent.createSession();
  const stop = new AbortController();
  const reason = new Error('stop');
  const run = agent.run('first', { session, signal: stop.signal });
  while (client.pulled < 2) await Promise.resolve();

  stop.abort(reason);

  await expect(run).rejects.toBe(reason);
  expect(session.toJSON().state['history']).toMatchObject({ turns: [[{}, { contents: 'A', status: 'cancelled' }]] });
});

test('a second run on a session that is still running is refused, and the session is free again afterwards', async () => {
  const client = scriptedClient(['A', 'B', finished], ['C', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession({ sessionId: 's1' });
  const first = agent.runStreaming('first', { session });
  await first[Symbol.asyncIterator]().next();

  const second = agent.run('second', { session });

  await expect(second).rejects.toMatchObject({ code: 'session_busy', message: expect.stringContaining('s1') });
  await first.finalResponse();
  await agent.run('third', { session });
  expect(sentTexts(client)).toEqual([['first'], ['first', 'AB', 'third']]);
});

test('a run that was refused as busy leaves the session and its history alone', async () => {
  const client = scriptedClient(['A', 'B', finished]);
  const agent = new Agent({ client, onIncomplete: 'keep' });
  const session = agent.createSession();
  const first = agent.runStreaming('first', { session });
  await first[Symbol.asyncIterator]().next();

  const refused = await Promise.allSettled([agent.run('second', { session }), agent.run('third', { session })]);

  expect(refused.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  expect(session.state).toEqual({});
});

test('a run that failed or was cancelled frees its session', async () => {
  const client = scriptedClient([new AgentError('auth', 'no')], ['A', 'B', finished], ['C', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession();

  await agent.run('first', { session }).catch(() => {});
  await agent.runStreaming('second', { session }).cancel();
  const cancelled = agent.runStreaming('third', { session });
  await cancelled[Symbol.asyncIterator]().next();
  await cancelled.cancel();
  const last = await agent.run('fourth', { session });

  expect(last.text).toBe('C');
});

test("with 'keep', a session that is refused for its other history is left as it was", async () => {
  const agent = new Agent({ client: scriptedClient(), onIncomplete: 'keep' });
  const session = agent.createSession({ serviceSessionId: 'resp_1' });

  const run = agent.run('Go', { session });

  await expect(run).rejects.toMatchObject({ code: 'history_mismatch' });
  expect(session.state).toEqual({});
});

test('turns that the application put into the session while a run went on stay, and the run is refused', async () => {
  const agent = new Agent({ client: scriptedClient(['A', finished], ['B', finished]) });
  const session = agent.createSession();
  await agent.run('One', { session });
  const updates = agent.runStreaming('Two', { session })[Symbol.asyncIterator]();
  await updates.next();
  const restored = { turns: [] };
  session.state['history'] = restored;

  const outcome = (async () => {
    while ((await updates.next()).done !== true);
  })();

  await expect(outcome).rejects.toMatchObject({ code: 'history_conflict' });
  expect(session.state['history']).toEqual({ turns: [] });
});
