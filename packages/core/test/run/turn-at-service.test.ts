import { expect, test } from 'vitest';
import {
  Agent,
  AgentError,
  AgentSession,
  approve,
  contextProvider,
  MemoryHistory,
  tool,
  toolResult,
} from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, chatUpdateWithId, finished, scriptedClient, sentTexts } from '../scripted-client.ts';
import { guarded } from '../tools/guarded-tool.ts';

const ask = tool({ name: 'ask', description: 'Asks the caller.' });
const give = tool({ name: 'give', description: 'Gives.', execute: () => 'here' });
const result = (callId: string, text: string) => [{ type: 'function_result', callId, result: text }];
const noResult = 'No result: the run ended before this call was answered.';

test('with history at the service only the question is sent, and the id moves when the turn succeeded', async () => {
  const done = (id: string) => chatUpdate({ finishReason: 'stop', conversationId: id });
  const client = scriptedClient(
    ['A', done('resp_1')],
    [chatUpdate({ conversationId: 'resp_2' }), new AgentError('response_failed', 'no')],
    ['C', done('resp_3')],
  );
  const agent = new Agent({ client, history: 'service' });
  const session = agent.createSession();

  await agent.run('first', { session });
  await agent.run('second', { session }).catch(() => {});
  await agent.run('third', { session });

  expect(sentTexts(client)).toEqual([['first'], ['second'], ['third']]);
  expect(client.requests.map((request) => request.conversation)).toEqual([
    { id: null },
    { id: 'resp_1' },
    { id: 'resp_1' },
  ]);
  expect(session.serviceSessionId).toBe('resp_3');
  expect(session.state).toEqual({});
});

test('a service that gives no conversation id is reported, not forgotten', async () => {
  const agent = new Agent({ client: scriptedClient(['A', finished]), history: 'service' });

  const run = agent.run('first', { session: agent.createSession() });

  await expect(run).rejects.toMatchObject({ code: 'history_mismatch', partial: { text: 'A' } });
});

test('a session with the other kind of history is refused before anything is sent', async () => {
  const client = scriptedClient(['A', finished]);
  const local = new Agent({ client });
  const service = new Agent({ client, history: 'service' });
  const session = local.createSession();
  await local.run('first', { session });

  const atService = service.run('second', { session });
  await expect(atService).rejects.toMatchObject({ code: 'history_mismatch' });
  const atProvider = new Agent({ client, history: new MemoryHistory() }).run('second', { session });
  await expect(atProvider).rejects.toMatchObject({ code: 'history_mismatch' });
  const atHome = local.run('second', { session: local.createSession({ serviceSessionId: 'conv_1' }) });

  await expect(atHome).rejects.toMatchObject({ code: 'history_mismatch', message: expect.stringContaining('conv_1') });
  expect(client.requests).toHaveLength(1);
});

test('a session whose turns a provider keeps is refused by the service and by an agent without a provider', async () => {
  const client = scriptedClient(['A', finished]);
  const atProvider = new Agent({ client, history: new MemoryHistory() });
  const session = atProvider.createSession();
  await atProvider.run('first', { session });
  const restored = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));

  for (const history of ['service', undefined] as const) {
    const agent = new Agent({ client, ...(history === undefined ? {} : { history }) });
    const mixed = agent.run('second', { session: restored });

    await expect(mixed).rejects.toMatchObject({
      code: 'history_mismatch',
      message: expect.stringContaining('provider'),
    });
  }
  expect(client.requests).toHaveLength(1);
});

test('a client that cannot keep history at the service is refused at construction', () => {
  const { serviceHistory: _left, ...client } = scriptedClient();

  const make = (): Agent => new Agent({ client, history: 'service' });

  expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});

test("onIncomplete 'keep' is refused with history at the service", () => {
  const client = scriptedClient();

  const make = (): Agent => new Agent({ client, history: 'service', onIncomplete: 'keep' });

  expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});

test.each([
  ['waits for consent', 'remove', 'tool_calls', {}],
  ['waits for the caller', 'ask', 'tool_calls', {}],
  ['was cut short', 'ask', 'length', {}],
  ['was not allowed', 'ask', 'tool_calls', { toolChoice: 'none' }],
] as const)('a call at the service that %s gets a result before the next question', async (_, name, end, options) => {
  const client = scriptedClient(
    ['Wait.', call('c1', name, '{}'), chatUpdateWithId('resp_1', end)],
    ['Hi.', chatUpdateWithId('resp_2')],
    ['Bye.', chatUpdateWithId('resp_3')],
  );
  const agent = new Agent({ client, tools: [guarded, ask], history: 'service' });
  const session = agent.createSession();
  await agent.run('Clean up', { session, ...options });

  await agent.run('Never mind', { session });
  await agent.run('Bye', { session });

  expect(sentTexts(client).slice(1)).toEqual([[result('c1', noResult), 'Never mind'], ['Bye']]);
  expect(session.state).toEqual({});
});

test('consent and a result for calls of one batch at the service are sent together, with no context between them', async () => {
  const client = scriptedClient(
    [call('c1', 'ask', '{}'), call('c2', 'remove', '{}'), chatUpdateWithId('resp_1', 'tool_calls')],
    ['Done.', chatUpdateWithId('resp_2')],
  );
  const tea = contextProvider({ provide: () => ({ messages: [{ role: 'user', contents: 'Ann likes tea.' }] }) });
  const agent = new Agent({ client, tools: [guarded, ask], history: 'service', middleware: [tea] });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  const { text } = await agent.run([toolResult('c1', 'yes'), ...approvals.map(approve)], { session });

  expect(text).toBe('Done.');
  expect(sentTexts(client)).toEqual([
    ['Ann likes tea.', 'Clean up'],
    [result('c1', 'yes'), result('c2', 'removed')],
  ]);
});

test('answering one of two calls at the service gives up the other', async () => {
  const client = scriptedClient(
    [call('c1', 'ask', '{}'), call('c2', 'ask', '{}'), chatUpdateWithId('resp_1', 'tool_calls')],
    ['Done.', chatUpdateWithId('resp_2')],
  );
  const agent = new Agent({ client, tools: [ask], history: 'service' });
  const session = agent.createSession();
  await agent.run('Ask twice', { session });

  await agent.run(toolResult('c1', 'yes'), { session });

  expect(sentTexts(client)[1]).toEqual([result('c2', noResult), result('c1', 'yes')]);
});

test('results of our tools wait in the session until the caller has answered the other calls of the batch', async () => {
  const client = scriptedClient(
    [call('c1', 'give', '{}'), call('c2', 'ask', '{}'), chatUpdateWithId('resp_1', 'tool_calls')],
    ['Hm.', new Error('gone')],
    ['Done.', chatUpdateWithId('resp_2')],
  );
  const agent = new Agent({ client, tools: [ask, give], history: 'service' });
  const session = agent.createSession();
  await agent.run('Go', { session });
  await agent.run('Never mind', { session }).catch(() => {});

  const restored = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await agent.run(toolResult('c2', 'yes'), { session: restored });

  expect(sentTexts(client).slice(1)).toEqual([
    [result('c2', noResult), result('c1', 'here'), 'Never mind'],
    [result('c1', 'here'), result('c2', 'yes')],
  ]);
  expect(restored.state).toEqual({});
});

test('consent without the result of another call of the batch is refused before anything runs', async () => {
  const client = scriptedClient([
    call('c1', 'ask', '{}'),
    call('c2', 'remove', '{}'),
    chatUpdateWithId('resp_1', 'tool_calls'),
  ]);
  const agent = new Agent({ client, tools: [guarded, ask], history: 'service' });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  const run = agent.run(approvals.map(approve), { session });

  await expect(run).rejects.toMatchObject({
    code: 'input_invalid',
    message: 'Call c1 of the same batch has no result. Pass its toolResult() along with the approvals.',
  });
});
