// What Microsoft Agent Framework's own tests of its tool loop pin and tool-loop.test.ts and approval.test.ts do not.
import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  Agent,
  type AgentResponseUpdate,
  approve,
  type Message,
  reject,
  type Tool,
  textOf,
  tool,
} from '../../src/index.ts';
import { callsOf, chatUpdate, resultsOf } from '../../src/seams.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';

/** A weather tool that notes what it was asked. */
function weatherTool(asked: string[] = []): Tool<{ city: string }> {
  return tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      asked.push(city);
      return `Sunny in ${city}`;
    },
  });
}

/** A tool that must not run without consent, and notes when it did. */
function removeTool(done: string[] = []): Tool<{ path: string }> {
  return tool({
    name: 'remove',
    description: 'Removes a file.',
    parameters: z.object({ path: z.string() }),
    approval: 'always',
    execute: ({ path }) => {
      done.push(path);
      return 'removed';
    },
  });
}

/** What a stream showed, as short lines. */
function linesOf(updates: readonly AgentResponseUpdate[]): string[] {
  return updates.flatMap((update) =>
    update.contents.map((content) => {
      if (content.type === 'function_call') return `call ${content.callId} ${content.arguments}`;
      if (content.type === 'function_result') return `result ${content.callId} ${content.result}`;
      return `${content.type} ${'text' in content ? content.text : ''}`;
    }),
  );
}

/** The text of a message, or the ids of its calls, or its results. */
function textOrIds(message: Message): string {
  const calls = callsOf(message).map((each) => each.callId);
  const results = resultsOf(message).map((each) => `${each.callId} ${each.result}`);
  return textOf(message) + [...calls, ...results].join(', ');
}

/** A call in an assistant message of its own. */
function callInMessage(messageId: string, callId: string, city: string) {
  const args = JSON.stringify({ city });
  return chatUpdate({
    contents: [{ type: 'function_call', callId, name: 'get_weather', arguments: args }],
    role: 'assistant',
    messageId,
  });
}

test('calls in several messages of one answer are one batch', async () => {
  const asked: string[] = [];
  const client = scriptedClient(
    [callInMessage('m1', 'c1', 'Oslo'), callInMessage('m2', 'c2', 'Lima'), wantsTools],
    ['Done.', finished],
  );

  const response = await new Agent({ client, tools: [weatherTool(asked)] }).run('Weather in both?');

  expect(asked).toEqual(['Oslo', 'Lima']);
  expect(response.messages.map((message) => message.role)).toEqual(['assistant', 'assistant', 'tool', 'assistant']);
  const sent = client.requests[1]?.messages.slice(1).map((message) => [message.role, textOrIds(message)]);
  expect(sent).toEqual([
    ['assistant', 'c1'],
    ['tool', 'c1 Sunny in Oslo'],
    ['assistant', 'c2'],
    ['tool', 'c2 Sunny in Lima'],
  ]);
});

test('what the model says after a call does not part the call from its result', async () => {
  const aside = chatUpdate({ contents: [{ type: 'text', text: 'Wait.' }], role: 'assistant', messageId: 'm2' });
  const client = scriptedClient([callInMessage('m1', 'c1', 'Oslo'), aside, wantsTools], ['Done.', finished]);

  await new Agent({ client, tools: [weatherTool()] }).run('Weather?');

  expect(client.requests[1]?.messages.slice(1).map((message) => [message.role, textOrIds(message)])).toEqual([
    ['assistant', 'c1'],
    ['tool', 'c1 Sunny in Oslo'],
    ['assistant', 'Wait.'],
  ]);
});

test('parallel calls of a stream give their results in one update, in call order', async () => {
  const client = scriptedClient(
    [call('c1', 'get_weather', '{"city":"Oslo"}'), call('c2', 'get_weather', '{"city":"Lima"}'), wantsTools],
    ['Done.', finished],
  );

  const updates = await Array.fromAsync(new Agent({ client, tools: [weatherTool()] }).runStreaming('Weather in both?'));

  expect(updates.find((update) => update.role === 'tool')?.contents).toEqual([
    { type: 'function_result', callId: 'c1', result: 'Sunny in Oslo' },
    { type: 'function_result', callId: 'c2', result: 'Sunny in Lima' },
  ]);
});

test('a stream out of rounds shows no call that nobody answers, and every stored call has its result', async () => {
  const client = scriptedClient(
    [call('c1', 'get_weather', '{"city":"Oslo"}'), wantsTools],
    ['Enough.', call('c2', 'get_weather', '{"city":"Lima"}'), finished],
  );
  const agent = new Agent({ client, tools: [weatherTool()], limits: { maxToolRounds: 1 } });
  const session = agent.createSession();

  const updates = await Array.fromAsync(agent.runStreaming('Go', { session }));

  expect(client.requests.map((request) => request.toolChoice)).toEqual(['auto', 'none']);
  expect(client.requests[1]?.tools?.map((each) => each.name)).toEqual(['get_weather']);
  expect(linesOf(updates)).toEqual(['call c1 {"city":"Oslo"}', 'result c1 Sunny in Oslo', 'text Enough.']);
  expect(JSON.stringify(session.state)).not.toContain('c2');
});

test('the answer of a stream with tools holds reasoning, call, result and text, each in its message', async () => {
  const client = scriptedClient(
    [
      chatUpdate({ contents: [{ type: 'text_reasoning', text: 'They want ' }], role: 'assistant' }),
      chatUpdate({ contents: [{ type: 'text_reasoning', text: 'the weather.' }], role: 'assistant' }),
      call('c1', 'get_weather', '{"city":"Oslo"}'),
      wantsTools,
    ],
    ['Sunny', ' there.', finished],
  );

  const response = await new Agent({ client, tools: [weatherTool()] }).runStreaming('Weather?').finalResponse();

  expect(response.messages).toEqual([
    {
      role: 'assistant',
      contents: [
        { type: 'text_reasoning', text: 'They want the weather.' },
        { type: 'function_call', callId: 'c1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
      ],
    },
    { role: 'tool', contents: [{ type: 'function_result', callId: 'c1', result: 'Sunny in Oslo' }] },
    { role: 'assistant', contents: 'Sunny there.' },
  ]);
  expect(response.text).toBe('Sunny there.');
});

test('a tool without execute is shown in a stream once, as its fragments came, and handed over whole', async () => {
  const ask = tool({ name: 'ask_user', description: 'Asks.', parameters: { type: 'object', properties: {} } });
  const client = scriptedClient([call('c1', 'ask_user', '{"what":'), call('c1', '', '"Which?"}'), wantsTools]);
  const stream = new Agent({ client, tools: [ask] }).runStreaming('Go');

  const updates = await Array.fromAsync(stream);

  expect(linesOf(updates)).toEqual(['call c1 {"what":', 'call c1 "Which?"}']);
  expect((await stream.finalResponse()).messages).toEqual([
    {
      role: 'assistant',
      contents: [{ type: 'function_call', callId: 'c1', name: 'ask_user', arguments: '{"what":"Which?"}' }],
    },
  ]);
  expect(client.requests).toHaveLength(1);
});

test.each([
  ['consented', approve, 'result c1 removed', ['a']],
  ['refused', reject, 'result c1 Error: Tool call invocation was rejected by user.', []],
])('a stream that goes on with a %s call shows its result before any word', async (_what, answer, line, removed) => {
  const done: string[] = [];
  const client = scriptedClient([call('c1', 'remove', '{"path":"a"}'), wantsTools], ['Very ', 'well.', finished]);
  const agent = new Agent({ client, tools: [removeTool(done)] });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });

  const updates = await Array.fromAsync(agent.runStreaming(approvals.map(answer), { session }));

  expect(linesOf(updates)).toEqual([line, 'text Very ', 'text well.']);
  expect(done).toEqual(removed);
});

test('a later turn replays an approved call like any other, and it does not run again', async () => {
  const done: string[] = [];
  const client = scriptedClient(
    [call('c1', 'remove', '{"path":"a"}'), wantsTools],
    ['Done.', finished],
    ['You are welcome.', finished],
  );
  const agent = new Agent({ client, tools: [removeTool(done)] });
  const session = agent.createSession();
  const { approvals } = await agent.run('Clean up', { session });
  await agent.run(approvals.map(approve), { session });

  await agent.run('Thanks', { session });

  expect(client.requests[2]?.messages).toEqual([
    { role: 'user', contents: 'Clean up' },
    {
      role: 'assistant',
      contents: [{ type: 'function_call', callId: 'c1', name: 'remove', arguments: '{"path":"a"}' }],
    },
    { role: 'tool', contents: [{ type: 'function_result', callId: 'c1', result: 'removed' }] },
    { role: 'assistant', contents: 'Done.' },
    { role: 'user', contents: 'Thanks' },
  ]);
  expect(done).toEqual(['a']);
});
