// Model, tools, model again: what is sent, shown and stored.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, type AgentResponseUpdate, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';
import { city, sentLines, weatherTool } from './weather-tool.ts';

test('the model calls a tool, reads its result and answers; the turn is one record', async () => {
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools], ['Sunny.', finished]);
  const agent = new Agent({ client, tools: [weatherTool()] });
  const session = agent.createSession();

  const response = await agent.run('Weather in Paris?', { session });

  expect(response.text).toBe('Sunny.');
  expect(response.messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'assistant']);
  expect(sentLines(client)).toEqual([
    ['user: Weather in Paris?'],
    ['user: Weather in Paris?', 'call c1 get_weather {"city":"Paris"}', 'result c1 Sunny in Paris'],
  ]);
  expect(session.state['history']).toEqual({
    turns: [[{ role: 'user', contents: 'Weather in Paris?' }, ...response.messages]],
  });
});

test('the model gets the tools, with the choice auto', async () => {
  const client = scriptedClient(['Hi', finished]);
  const agent = new Agent({ client, tools: [weatherTool()] });

  await agent.run('Hello');

  expect(client.requests[0]?.toolChoice).toBe('auto');
  expect(client.requests[0]?.tools).toEqual([
    {
      name: 'get_weather',
      description: 'The weather of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ]);
});

test('streaming shows call, result and text in order, and the texts still join to the answer', async () => {
  const client = scriptedClient(
    ['Let me look.', call('c1', 'get_weather', '{"city":'), call('c1', '', '"Paris"}'), wantsTools],
    ['Sunny.', finished],
  );
  const stream = new Agent({ client, name: 'guide', tools: [weatherTool()] }).runStreaming('Weather?');

  const updates: AgentResponseUpdate[] = [];
  for await (const update of stream) updates.push(update);

  expect(updates.map((update) => update.contents[0]?.type ?? update.finishReason)).toEqual([
    'text',
    'function_call',
    'function_call',
    'tool_calls',
    'function_result',
    'text',
    'stop',
  ]);
  expect(updates.map((update) => update.authorName)).toEqual(Array(7).fill('guide'));
  const response = await stream.finalResponse();
  expect(response.text).toBe(updates.map((update) => update.text).join(''));
  expect(response.messages[0]?.contents).toEqual([
    { type: 'text', text: 'Let me look.' },
    { type: 'function_call', callId: 'c1', name: 'get_weather', arguments: '{"city":"Paris"}' },
  ]);
});

test('interleaved fragments of parallel calls are joined by call id; late names are accepted', async () => {
  const asked: string[] = [];
  const client = scriptedClient(
    [
      call('a', 'get_weather', '{"city":'),
      call('b', '', '{"city":'),
      call('a', '', '"Oslo"}'),
      call('b', 'get_weather', '"Lima"}'),
      wantsTools,
    ],
    ['Done.', finished],
  );
  const agent = new Agent({ client, tools: [weatherTool(asked)] });

  await agent.run('Weather in both?');

  expect(asked).toEqual(['Oslo', 'Lima']);
});

test('calls of one round run at the same time, and results come in call order', async () => {
  const gates = new Map([
    ['slow', Promise.withResolvers<string>()],
    ['fast', Promise.withResolvers<string>()],
  ]);
  const started: string[] = [];
  const wait = tool({
    name: 'wait',
    description: 'Waits.',
    parameters: z.object({ id: z.string() }),
    execute: ({ id }) => {
      started.push(id);
      if (started.length === 2) {
        gates.get('fast')?.resolve('fast done');
        gates.get('slow')?.resolve('slow done');
      }
      return gates.get(id)?.promise;
    },
  });
  const client = scriptedClient(
    [call('1', 'wait', '{"id":"slow"}'), call('2', 'wait', '{"id":"fast"}'), wantsTools],
    ['ok', finished],
  );

  await new Agent({ client, tools: [wait] }).run('Go');

  expect(sentLines(client)[1]?.slice(-2)).toEqual(['result 1 slow done', 'result 2 fast done']);
});

test('usage is summed over the model calls', async () => {
  const usage = { inputTokens: 10, outputTokens: 1, totalTokens: 11 };
  const client = scriptedClient(
    [call('c1', 'get_weather', '{"city":"Paris"}'), chatUpdate({ finishReason: 'tool_calls', usage })],
    ['Sunny.', chatUpdate({ finishReason: 'stop', usage })],
  );

  const response = await new Agent({ client, tools: [weatherTool()] }).run('Weather?');

  expect(response.usage).toEqual({ inputTokens: 20, outputTokens: 2, totalTokens: 22 });
});

test('an answer after tools is read as the assistant, also from a client that names no role', async () => {
  const unnamed = chatUpdate({ contents: [{ type: 'text', text: 'Sunny.' }] });
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools], [unnamed, finished]);

  const response = await new Agent({ client, tools: [weatherTool()] }).run('Weather?');

  expect(response.text).toBe('Sunny.');
  expect(response.messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'assistant']);
});

test('a tool knows the session and the call it runs for', async () => {
  const seen: unknown[] = [];
  const who = tool({
    name: 'who',
    description: 'Notes its context.',
    parameters: z.object({}),
    execute: (_input, { session, callId }) => seen.push(session?.sessionId, callId),
  });
  const client = scriptedClient([call('c1', 'who', '{}'), wantsTools], ['ok', finished]);
  const agent = new Agent({ client, tools: [who] });

  await agent.run('Go', { session: agent.createSession({ sessionId: 's1' }) });

  expect(seen).toEqual(['s1', 'c1']);
});

test.each([
  ['a string as it is', 'plain', 'plain'],
  ['an object as JSON', { degrees: 21 }, '{"degrees":21}'],
  ['nothing as no text', undefined, ''],
  ['zero as 0', 0, '0'],
])('a tool may return %s', async (_what, value, result) => {
  const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => value });
  const client = scriptedClient([call('c1', 'give', '{}'), wantsTools], ['ok', finished]);

  await new Agent({ client, tools: [give] }).run('Go');

  expect(sentLines(client)[1]?.at(-1)).toBe(`result c1 ${result}`);
});

test('with history at the service the next model call brings only the results, on the newest id', async () => {
  const client = scriptedClient(
    [
      call('c1', 'get_weather', '{"city":"Paris"}'),
      chatUpdate({ finishReason: 'tool_calls', conversationId: 'resp_1' }),
    ],
    ['Sunny.', chatUpdate({ finishReason: 'stop', conversationId: 'resp_2' })],
  );
  const agent = new Agent({ client, history: 'service', tools: [weatherTool()] });
  const session = agent.createSession();

  await agent.run('Weather?', { session });

  expect(sentLines(client)).toEqual([['user: Weather?'], ['result c1 Sunny in Paris']]);
  expect(client.requests.map((request) => request.conversation)).toEqual([{ id: null }, { id: 'resp_1' }]);
  expect(session.serviceSessionId).toBe('resp_2');
});

test.each([
  ['a name with a blank', { name: 'get weather', description: '', parameters: city }, 'Tool name "get weather"'],
  [
    'a timeout that no timer holds',
    { name: 'x', description: '', parameters: city, timeoutMs: Number.POSITIVE_INFINITY },
    'timeoutMs of tool x is Infinity',
  ],
  ['a timeout of 0', { name: 'x', description: '', parameters: city, timeoutMs: 0 }, 'timeoutMs of tool x is 0'],
  ['a timeout of 0.5', { name: 'x', description: '', parameters: city, timeoutMs: 0.5 }, 'timeoutMs of tool x is 0.5'],
  [
    'bare JSON Schema with something to run',
    { name: 'x', description: '', parameters: { type: 'object' }, execute: () => 1 },
    'jsonSchema()',
  ],
])('tool() refuses %s', (_what, definition, problem) => {
  const make = (): unknown => tool(definition as never);

  expect(make).toThrow(problem);
});
