import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, AgentSession, approve, reject, type Tool, tool, toolResult } from '../../src/index.ts';
import { call, chatUpdateWithId, finished, scriptedClient, wantsTools } from '../scripted-client.ts';

const path = z.object({ path: z.string() });

/** A tool that needs consent and one that does not; both note what they did. */
function fileTools(done: string[] = []): Tool[] {
  const remove = tool({
    name: 'remove',
    description: 'Removes a file.',
    parameters: path,
    approval: 'always',
    execute: (input) => {
      done.push(`removed ${input.path}`);
      return 'removed';
    },
  });
  const list = tool({
    name: 'list',
    description: 'Lists files.',
    parameters: z.object({}),
    execute: () => {
      done.push('listed');
      return 'a b';
    },
  });
  return [remove, list];
}

const asks = [call('1', 'list', '{}'), call('2', 'remove', '{"path":"a"}'), wantsTools];

test('a call that needs approval pauses the whole batch, and the stream shows the request', async () => {
  const done: string[] = [];
  const client = scriptedClient(asks);
  const stream = new Agent({ client, tools: fileTools(done) }).runStreaming('Clean up');

  const updates = await Array.fromAsync(stream);

  const request = { callId: '2', name: 'remove', arguments: '{"path":"a"}' };
  expect(updates.at(-1)?.contents).toEqual([{ type: 'approval_request', ...request }]);
  expect((await stream.finalResponse()).approvals).toEqual([request]);
  expect(done).toEqual([]);
});

test('consent runs the whole batch, results in call order, and the model goes on', async () => {
  const done: string[] = [];
  const client = scriptedClient(asks, ['Done.', finished]);
  const agent = new Agent({ client, tools: fileTools(done) });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  const response = await agent.run(approvals.map(approve), { session });

  expect(done.toSorted()).toEqual(['listed', 'removed a']);
  expect(response.messages).toEqual([
    {
      role: 'tool',
      contents: [
        { type: 'function_result', callId: '1', result: 'a b' },
        { type: 'function_result', callId: '2', result: 'removed' },
      ],
    },
    { role: 'assistant', contents: 'Done.' },
  ]);
  expect(client.requests[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool']);
  expect(JSON.stringify(session)).not.toContain('approval_response');
});

test('a rejected call does not run, its siblings do, and the model gets an error', async () => {
  const done: string[] = [];
  const client = scriptedClient(asks, ['Fine.', finished]);
  const agent = new Agent({ client, tools: fileTools(done) });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  await agent.run(approvals.map(reject), { session });

  expect(done).toEqual(['listed']);
  expect(client.requests[1]?.messages.at(-1)?.contents).toEqual([
    { type: 'function_result', callId: '1', result: 'a b' },
    {
      type: 'function_result',
      callId: '2',
      result: 'Error: Tool call invocation was rejected by user.',
      error: 'rejected',
    },
  ]);
});

test('an approval survives a restart: the session in JSON, a fresh agent', async () => {
  const done: string[] = [];
  const client = scriptedClient(asks, ['Done.', finished]);
  const first = new Agent({ client, tools: fileTools() });
  const session = first.createSession();
  const { approvals } = await first.run('Clean up', { session });

  const restored = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  const requests = JSON.parse(JSON.stringify(approvals)) as typeof approvals;
  await new Agent({ client, tools: fileTools(done) }).run(requests.map(approve), { session: restored });

  expect(done.toSorted()).toEqual(['listed', 'removed a']);
});

test('with history at the service the waiting calls travel in the session', async () => {
  const done: string[] = [];
  const client = scriptedClient(
    [...asks.slice(0, 2), chatUpdateWithId('resp_1', 'tool_calls')],
    ['Done.', chatUpdateWithId('resp_2')],
  );
  const agent = new Agent({ client, history: 'service', tools: fileTools(done) });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  const restored = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await agent.run(approvals.map(approve), { session: restored });

  expect(done.toSorted()).toEqual(['listed', 'removed a']);
  expect(client.requests[1]?.messages.map((message) => message.role)).toEqual(['tool']);
  expect(restored.state).toEqual({});
});

test('without a session the caller hands the conversation back with its answers', async () => {
  const done: string[] = [];
  const client = scriptedClient(asks, ['Done.', finished]);
  const agent = new Agent({ client, tools: fileTools(done) });
  const { messages, approvals } = await agent.run('Clean up');

  const response = await agent.run(['Clean up', ...messages, ...approvals.map(approve)]);

  expect(response.text).toBe('Done.');
  expect(done.toSorted()).toEqual(['listed', 'removed a']);
  expect(client.requests[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool']);
});

test('a new question next to the answers is refused, since it would part the calls from their results', async () => {
  const client = scriptedClient(asks);
  const agent = new Agent({ client, tools: fileTools() });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  const run = agent.run(['And be quick', ...approvals.map(approve)], { session });

  await expect(run).rejects.toMatchObject({ code: 'input_invalid' });
});

test.each([
  ['an answer to no call', [{ callId: '9', name: 'remove', arguments: '{}' }], 'No call "9" is waiting'],
  ['changed arguments', [{ callId: '2', name: 'remove', arguments: '{"path":"/"}' }], 'not the ones that were shown'],
])('%s is refused before anything runs', async (_what, requests, problem) => {
  const done: string[] = [];
  const client = scriptedClient(asks);
  const agent = new Agent({ client, tools: fileTools(done) });
  const session = agent.createSession();
  await agent.run('Clean up', { session });

  const run = agent.run(requests.map(approve), { session });

  await expect(run).rejects.toThrow(problem);
  expect(done).toEqual([]);
  expect(client.requests).toHaveLength(1);
});

test('every request of a batch must be answered', async () => {
  const client = scriptedClient([call('1', 'remove', '{"path":"a"}'), call('2', 'remove', '{"path":"b"}'), wantsTools]);
  const agent = new Agent({ client, tools: fileTools() });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  const run = agent.run(approvals.slice(0, 1).map(approve), { session });

  await expect(run).rejects.toThrow('Call 2 of the same batch has no answer');
});

test('asking something else instead leaves the calls unrun, and the model gets an error', async () => {
  const done: string[] = [];
  const client = scriptedClient(asks, ['Hello.', finished]);
  const agent = new Agent({ client, tools: fileTools(done) });
  const session = agent.createSession();
  await agent.run('Clean up', { session });

  await agent.run('Never mind', { session });

  expect(done).toEqual([]);
  expect(client.requests[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool', 'user']);
});

test('a tool without execute hands its call to the caller, who answers with the result', async () => {
  const done: string[] = [];
  const ask = tool({ name: 'ask_user', description: 'Asks the user.', parameters: { type: 'object', properties: {} } });
  const client = scriptedClient(
    [call('1', 'list', '{}'), call('2', 'ask_user', '{}'), wantsTools],
    ['Thanks.', finished],
  );
  const agent = new Agent({ client, tools: [...fileTools(done), ask] });
  const session = agent.createSession();

  const first = await agent.run('Go', { session });
  const second = await agent.run(toolResult('2', 'yes'), { session });

  expect(done).toEqual(['listed']);
  expect(first.finishReason).toBe('tool_calls');
  expect(second.text).toBe('Thanks.');
  expect(client.requests[1]?.messages.slice(2).map((message) => message.contents)).toEqual([
    [{ type: 'function_result', callId: '1', result: 'a b' }],
    [{ type: 'function_result', callId: '2', result: 'yes' }],
  ]);
});

test('an approval after another question is refused, because the model already got an error for the call', async () => {
  const done: string[] = [];
  const client = scriptedClient(asks, ['Fine.', finished]);
  const agent = new Agent({ client, tools: fileTools(done) });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });
  await agent.run('Never mind', { session });

  const late = agent.run(approvals.map(approve), { session });

  await expect(late).rejects.toMatchObject({ code: 'input_invalid' });
  expect(done).toEqual([]);
});

test('calls in several messages of one answer wait for consent together', async () => {
  const done: string[] = [];
  const inMessage = (messageId: string, update: ReturnType<typeof call>) => ({ ...update, messageId });
  const apart = [inMessage('m1', asks[1]!), inMessage('m2', asks[0]!), wantsTools];
  const client = scriptedClient(apart, ['Done.', finished]);
  const agent = new Agent({ client, tools: fileTools(done) });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  await agent.run(approvals.map(approve), { session });

  expect(done.toSorted()).toEqual(['listed', 'removed a']);
});

test('a result that no call waits for is refused before anything is sent', async () => {
  const client = scriptedClient(['Hi', finished], ['Hi', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession();
  await agent.run('Hello', { session });

  const run = agent.run(toolResult('9', 'yes'), { session });

  await expect(run).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringContaining('"9"') });
  expect(client.requests).toHaveLength(1);
});
