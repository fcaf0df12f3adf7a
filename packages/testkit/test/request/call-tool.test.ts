// What a request says of tools, their calls and their results, read the same from both APIs.
import { expect, test } from 'vitest';
import { mockModel, reply } from '../../src/index.ts';
import { chatPath, post, responsesPath } from '../reader.ts';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const call = { callId: 'call_a', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const otherCall = { callId: 'call_b', name: 'get_time', arguments: '{}' };

const sentWithTools: Record<string, unknown>[] = [
  {
    messages: [
      { role: 'user', content: 'Hi.' },
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [call, otherCall].map(({ callId, ...said }) => ({ id: callId, type: 'function', function: said })),
      },
      { role: 'tool', tool_call_id: 'call_a', content: 'Snow' },
      {
        role: 'tool',
        tool_call_id: 'call_b',
        content: [
          { type: 'text', text: 'No' },
          { type: 'text', text: 'on' },
        ],
      },
    ],
    tools: [
      { type: 'function', function: { name: 'get_weather', description: 'Weather.', parameters } },
      { type: 'function', function: { name: 'get_time' } },
    ],
    tool_choice: { type: 'function', function: { name: 'get_time' } },
  },
  {
    input: [
      { role: 'user', content: 'Hi.' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me look.' }] },
      { type: 'function_call', call_id: 'call_a', name: call.name, arguments: call.arguments },
      { type: 'function_call', call_id: 'call_b', name: otherCall.name, arguments: otherCall.arguments },
      { type: 'function_call_output', call_id: 'call_a', output: 'Snow' },
      { type: 'function_call_output', call_id: 'call_b', output: [{ type: 'input_text', text: 'Noon' }] },
    ],
    tools: [
      { type: 'function', name: 'get_weather', description: 'Weather.', parameters, strict: false },
      { type: 'function', name: 'get_time' },
      { type: 'custom', name: 'run_code' },
    ],
    tool_choice: { type: 'function', name: 'get_time' },
  },
];

test('calls, results, tools and the tool choice are read the same from both APIs', async () => {
  using model = mockModel(reply('A'), reply('B'));

  await post(model, chatPath, sentWithTools[0]);
  await post(model, responsesPath, sentWithTools[1]);

  for (const request of model.requests) {
    expect(request).toMatchObject({
      tools: [
        { name: 'get_weather', description: 'Weather.', parameters },
        { name: 'get_time', description: null, parameters: {} },
      ],
      toolChoice: { name: 'get_time' },
    });
    expect(request.messages).toEqual([
      { role: 'user', text: 'Hi.' },
      { role: 'assistant', text: 'Let me look.', calls: [call, otherCall] },
      { role: 'tool', text: 'Snow', callId: 'call_a' },
      { role: 'tool', text: 'Noon', callId: 'call_b' },
    ]);
  }
});

test('a call without a message before it creates one, and the tool choice may be a word or absent', async () => {
  using model = mockModel(reply('A'), reply('B'));
  const { name, arguments: args } = call;

  await post(model, responsesPath, {
    input: [
      { role: 'user', content: 'Hi.' },
      { type: 'function_call', call_id: 'call_a', name, arguments: args },
      { type: 'function_call_output', call_id: 'call_a', output: 'Snow' },
    ],
    tool_choice: 'required',
  });
  await post(model, responsesPath, { input: 'Hi.' });

  expect(model.requests[0]!.messages[1]).toEqual({ role: 'assistant', text: '', calls: [call] });
  expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(['required', null]);
  expect(model.requests[1]!.tools).toEqual([]);
});
