// A background run in a conversation that the service keeps under an id of its own, ended without an answer: the calls that
// the conversation holds get results in the next turn.
import { expect, test } from 'vitest';
import { Agent, AgentError, AgentSession, approve, type Middleware } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { type ScriptedBackground, type ScriptedResponse, scriptedBackground } from '../scripted-background.ts';
import { call, chatUpdateWithId, text } from '../scripted-client.ts';
import { giveTool } from './give-tool.ts';

const result = (callId: string, said: string) => [{ type: 'function_result', callId, result: said }];
const noResult = 'No result: the run ended before this call was answered.';
const asks = (callId: string): ScriptedResponse => ({
  looks: ['completed'],
  answer: [call(callId, 'give', '{}'), chatUpdateWithId('conv_1', 'tool_calls')],
});
const answers: ScriptedResponse = { looks: ['completed'], answer: [text('Hi.'), chatUpdateWithId('conv_1')] };
/** Calls the model once more when that fails. */
const again: Middleware = {
  async *model(_, next) {
    try {
      yield* next();
    } catch {
      yield* next();
    }
  },
};
const inConversation = (agent: Agent): AgentSession => agent.createSession({ serviceSessionId: 'conv_1' });

function agentOf(client: ScriptedBackground, execute?: () => unknown): Agent {
  return new Agent({ client, tools: [giveTool(execute)], history: 'service' });
}

/** What the next question is sent with. */
async function askedNext(agent: Agent, session: AgentSession, { started }: ScriptedBackground): Promise<unknown> {
  await (await agent.runInBackground('Hello', { session })).wait();
  return started.at(-1)?.messages.map(({ contents }) => contents);
}

test.each(['cancelled', 'failed', 'expired'] as const)(
  'a run whose next response is %s leaves the results of its tools to the next turn',
  async (status) => {
    const client = scriptedBackground(asks('c1'), { looks: ['queued', status] }, answers);
    const agent = agentOf(client);
    const session = inConversation(agent);
    const run = await agent.runInBackground('Go', { session });
    await run.poll();

    const sent = await askedNext(agent, session, client);

    expect(sent).toEqual([result('c1', 'here'), 'Hello']);
    expect(session.state).toEqual({});
  },
);

test('a run that is given up before its next response could be started leaves the results of its tools', async () => {
  const client = scriptedBackground(asks('c1'), { looks: [new AgentError('bad_request', 'no')] }, answers);
  const agent = agentOf(client);
  const session = inConversation(agent);
  await agent.runInBackground('Go', { session });

  const sent = await askedNext(agent, session, client);

  expect(sent).toEqual([result('c1', 'here'), 'Hello']);
});

test('a run that is cancelled before its tools run leaves a conversation whose calls have no result', async () => {
  const client = scriptedBackground({ ...asks('c1'), looks: ['queued', 'completed'] }, answers);
  client.background!.cancel = (id, options) => client.background!.get(id, options);
  const agent = agentOf(client);
  const session = inConversation(agent);
  const run = await agent.runInBackground('Go', { session });
  await run.cancel();

  const sent = await askedNext(agent, session, client);

  expect(sent).toEqual([result('c1', noResult), 'Hello']);
});

test('a run that reached its limit of rounds leaves a conversation whose calls have no result', async () => {
  const client = scriptedBackground(asks('c1'), asks('c2'), answers);
  const agent = agentOf(client);
  const session = inConversation(agent);
  const run = await agent.runInBackground('Go', { session, limits: { maxToolRounds: 1 } });
  await run.poll();

  const sent = await askedNext(agent, session, client);

  expect(sent).toEqual([result('c2', noResult), 'Hello']);
});

test('a run whose last response was empty and without calls owes nothing to the next turn', async () => {
  const empty = { looks: ['completed'], answer: [chatUpdateWithId('conv_1')] } as const;
  const client = scriptedBackground(asks('c1'), empty, answers);
  const agent = agentOf(client);
  const session = inConversation(agent);
  const run = await agent.runInBackground('Go', { session, limits: { maxToolRounds: 1 } });
  await run.poll();

  const sent = await askedNext(agent, session, client);

  expect([run.status, sent]).toEqual(['completed', ['Hello']]);
});

test('a run that fails before its first answer leaves an approved call to the next turn', async () => {
  const named = [chatUpdate({ conversationId: 'conv_1' })];
  const client = scriptedBackground(asks('c1'), { looks: ['failed'] }, answers);
  const agent = new Agent({ client, tools: [giveTool(() => 'here', 'always')], history: 'service' });
  const session = inConversation(agent);
  const { approvals } = await (await agent.runInBackground('Go', { session })).wait();
  const { start } = client.background!;
  client.background!.start = async (request) => ({ ...(await start(request)), updates: named });
  await (await agent.runInBackground(approvals.map(approve), { session })).poll();
  client.background!.start = start;

  const sent = await askedNext(agent, session, client);

  expect(sent).toEqual([result('c1', noResult), 'Hello']);
});

test('a run that is resumed and found cancelled leaves the results of tools that ran elsewhere', async () => {
  const client = scriptedBackground(asks('c1'), { looks: ['queued', 'cancelled'] }, answers);
  const agent = agentOf(client);
  const json = JSON.stringify(inConversation(agent));
  const session = AgentSession.fromJSON(JSON.parse(json));
  const run = await agent.runInBackground('Go', { session: AgentSession.fromJSON(JSON.parse(json)) });
  const { get } = client.background!;
  const named = [chatUpdate({ conversationId: 'conv_1' })];
  client.background!.get = async (...all) => ({ ...(await get(...all)), updates: named });
  await agent.resumeBackground(run.toJSON(), { session }).poll();

  const sent = await askedNext(agent, session, client);

  expect(sent).toEqual([result('c1', 'here'), 'Hello']);
});

test('a resumed run that middleware sends again gives results to calls of the turn before', async () => {
  const waits = { ...asks('c1'), answer: [call('c1', 'give', '{}'), chatUpdateWithId('resp_1', 'length')] };
  const client = scriptedBackground(waits, { looks: ['queued', 'failed'] }, answers);
  const agent = new Agent({ client, tools: [giveTool()], history: 'service', middleware: [again] });
  const session = agent.createSession();
  await (await agent.runInBackground('Go', { session })).wait();
  const token = (await agent.runInBackground('Hello', { session })).toJSON();

  await agent.resumeBackground(token, { session }).poll();

  expect(client.started.at(-1)?.messages.map(({ contents }) => contents)).toEqual([result('c1', noResult), 'Hello']);
});

test('a resumed run that middleware sends again has the results of its own tools once', async () => {
  const client = scriptedBackground(asks('c1'), { looks: ['queued', 'failed'] }, answers);
  const agent = new Agent({ client, tools: [giveTool()], history: 'service', middleware: [again] });
  const session = inConversation(agent);
  const token = (await agent.runInBackground('Go', { session })).toJSON();

  await agent.resumeBackground(token, { session }).poll();

  const sent = client.started.at(-1)?.messages.map(({ contents }) => contents);
  expect(sent).toEqual(['Go', call('c1', 'give', '{}').contents, result('c1', 'here')]);
});
