// A model refuses calls without results and results without calls, as OpenAI's does.
import { expect, test } from 'vitest';
import { mockModel, reply, startDemoModel } from '../../src/index.ts';
import { chatPath, post, postJson, responsesPath } from '../reader.ts';

const user = { role: 'user', content: 'Hi.' };
const called = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
const asks = { role: 'assistant', tool_calls: [called('c1'), called('c2')] };
const answered = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'Rain' });
const call = (call_id: string) => ({ type: 'function_call', call_id, name: 'look', arguments: '{}' });
const output = (call_id: string) => ({ type: 'function_call_output', call_id, output: 'Rain' });

test.each([
  ['a call has no result', { messages: [user, asks, answered('c2')] }, 'c1'],
  ['something comes between calls and results', { messages: [user, asks, answered('c1'), user, answered('c2')] }, 'c2'],
  ['a result has no call', { messages: [user, answered('c1')] }, "role 'tool'"],
  [
    'a result comes later than its call',
    { messages: [user, asks, answered('c1'), answered('c2'), user, answered('c1')] },
    "role 'tool'",
  ],
])('Chat Completions refuses a request in which %s', async (_, body, named) => {
  using model = mockModel();

  const response = await post(model, chatPath, body);

  const error = { type: 'invalid_request_error', param: 'messages', message: expect.stringContaining(named) };
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error });
});

test.each([
  ['a call has no result', [user, call('c1'), call('c2'), output('c2'), user], 'function call c1'],
  ['a result has no call', [user, output('c1')], 'call_id c1'],
])('Responses refuses a request in which %s', async (_, input, named) => {
  using model = mockModel();

  const response = await post(model, responsesPath, { input });

  const error = { type: 'invalid_request_error', param: 'input', message: expect.stringContaining(named) };
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error });
});

test.each([
  ['Chat Completions', chatPath, { messages: [user, asks, answered('c2'), answered('c1'), user] }],
  ['Responses', responsesPath, { input: [user, call('c1'), user, output('c1')] }],
  ['Responses, where the service knows the call', responsesPath, { input: [output('c1')], conversation: 'conv_1' }],
])('a request in which each call has its result is answered: %s', async (_, path, body) => {
  using model = mockModel(reply('A'));

  const response = await post(model, path, body);

  expect(response.status).toBe(200);
});

test('the demo model refuses a question if one of its calls has no result', async () => {
  await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const tools = [{ type: 'function', name: 'get_weather', parameters }];
  const { id, output: calls } = await postJson(model, responsesPath, { input: 'What is the weather in Oslo?', tools });
  const [{ call_id }] = calls as [{ call_id: string }];

  const next = await postJson(model, responsesPath, { input: 'Never mind.', previous_response_id: id });
  const stray = await postJson(model, responsesPath, { input: [output('c9')], previous_response_id: id });

  expect(next).toMatchObject({ error: { message: `No tool output found for function call ${call_id}.` } });
  expect(stray).toMatchObject({
    error: { message: 'No tool call found for function call output with call_id c9.' },
  });
});
