import type { Message, ToolChoice } from '@turnstream/core';
import { expect, test } from 'vitest';
import { chatBody } from '../../src/chat-completions/request.ts';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { responsesBody } from '../../src/responses/request.ts';
import { PROFILES } from '../../src/service/profile.ts';
import { API_KEY, question } from '../both-apis.ts';

const model = { model: 'gpt-4.1' };
const base = model;
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ name: 'get_weather', description: 'Looks up the weather.', parameters }];
const call = (callId: string, args: string, name = 'get_weather') =>
  ({ type: 'function_call', callId, name, arguments: args }) as const;
const result = (callId: string, text: string) => ({ type: 'function_result', callId, result: text }) as const;

test('Chat Completions gets tools with their schema unchanged', () => {
  const body = chatBody(model, question({ tools, toolChoice: 'auto', stream: false }), PROFILES.openai);

  expect(body).toEqual({
    model: 'gpt-4.1',
    messages: [{ role: 'user', content: 'What is Python?' }],
    tools: [{ type: 'function', function: { name: 'get_weather', description: 'Looks up the weather.', parameters } }],
    tool_choice: 'auto',
    stream: false,
  });
});

test('Responses gets tools in flat form, with their schema unchanged and not enforced', () => {
  const body = responsesBody(base, question({ tools, toolChoice: 'auto', stream: false, conversation: { id: null } }));

  expect(body).toEqual({
    model: 'gpt-4.1',
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is Python?' }] }],
    tools: [{ type: 'function', name: 'get_weather', description: 'Looks up the weather.', parameters, strict: false }],
    tool_choice: 'auto',
    stream: false,
  });
  expect(parameters).not.toHaveProperty('additionalProperties');
});

test('a tool that did not ask for it is not strict, whatever its schema allows', () => {
  const open = [{ ...tools[0]!, parameters: { ...parameters, additionalProperties: false } }];

  const chat = chatBody(model, question({ tools: open }), PROFILES.openai);
  const flat = responsesBody(base, question({ tools: open }));

  expect(JSON.parse(JSON.stringify(chat))).toHaveProperty('tools', [{ type: 'function', function: open[0] }]);
  expect(flat).toHaveProperty('tools', [{ type: 'function', ...open[0], strict: false }]);
});

test.each<[ToolChoice, unknown, unknown]>([
  ['auto', 'auto', 'auto'],
  ['none', 'none', 'none'],
  ['required', 'required', 'required'],
  [
    { name: 'get_weather' },
    { type: 'function', function: { name: 'get_weather' } },
    { type: 'function', name: 'get_weather' },
  ],
])('the tool choice %j is written in the words of each API', (toolChoice, chat, responses) => {
  const request = question({ tools, toolChoice });

  expect(chatBody(model, request, PROFILES.openai)).toHaveProperty('tool_choice', chat);
  expect(responsesBody(base, request)).toHaveProperty('tool_choice', responses);
});

test('without tools nothing is said of them, and nothing of a choice that was not made', () => {
  const bare = question({ toolChoice: 'auto' });
  const unchosen = question({ tools });

  for (const body of [chatBody(model, bare, PROFILES.openai), responsesBody(base, bare)]) {
    expect(body).not.toHaveProperty('tools');
    expect(body).not.toHaveProperty('tool_choice');
  }
  expect(chatBody(model, unchosen, PROFILES.openai)).not.toHaveProperty('tool_choice');
  expect(responsesBody(base, unchosen)).not.toHaveProperty('tool_choice');
});

test('Chat Completions is asked about parallel calls only where there are tools', () => {
  const asking = { ...model, parallel_tool_calls: false };

  expect(chatBody(asking, question({ tools }), PROFILES.openai)).toHaveProperty('parallel_tool_calls', false);
  expect(chatBody(asking, question(), PROFILES.openai)).not.toHaveProperty('parallel_tool_calls');
});

const conversation: Message[] = [
  { role: 'user', contents: 'Weather in Oslo and Lima?' },
  {
    role: 'assistant',
    authorName: 'Atlas',
    contents: [
      { type: 'text', text: 'Checking.' },
      call('call_a', '{"city":"Oslo"}'),
      call('call_b', '{"city":"Lima"}'),
    ],
  },
  { role: 'tool', contents: [result('call_a', 'Snow'), result('call_b', 'Fog')] },
  { role: 'assistant', contents: 'Snow and fog.' },
];

test('on Chat Completions text and calls of a message are one message, and every result is one', () => {
  const body = chatBody(model, question({ messages: conversation }), PROFILES.openai);

  const wire = (id: string, args: string) => ({
    id,
    type: 'function',
    function: { name: 'get_weather', arguments: args },
  });
  expect(body).toHaveProperty('messages', [
    { role: 'user', content: 'Weather in Oslo and Lima?' },
    {
      role: 'assistant',
      name: 'Atlas',
      content: 'Checking.',
      tool_calls: [wire('call_a', '{"city":"Oslo"}'), wire('call_b', '{"city":"Lima"}')],
    },
    { role: 'tool', tool_call_id: 'call_a', content: 'Snow' },
    { role: 'tool', tool_call_id: 'call_b', content: 'Fog' },
    { role: 'assistant', content: 'Snow and fog.' },
  ]);
});

test('on Chat Completions a message of calls alone has the content null', () => {
  const messages: Message[] = [{ role: 'assistant', contents: [call('call_a', '{}')] }];

  const body = chatBody(model, question({ messages }), PROFILES.openai);

  const wire = { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{}' } };
  expect(body).toHaveProperty('messages', [{ role: 'assistant', content: null, tool_calls: [wire] }]);
});

test('on Responses text, calls and results are items in their order, without ids', () => {
  const body = responsesBody(base, question({ messages: conversation }));

  expect(body).toHaveProperty('input', [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Weather in Oslo and Lima?' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Checking.', annotations: [] }] },
    { type: 'function_call', call_id: 'call_a', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    { type: 'function_call', call_id: 'call_b', name: 'get_weather', arguments: '{"city":"Lima"}' },
    { type: 'function_call_output', call_id: 'call_a', output: 'Snow' },
    { type: 'function_call_output', call_id: 'call_b', output: 'Fog' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Snow and fog.', annotations: [] }] },
  ]);
});

test('on Responses encrypted reasoning stays in front of the call it led to', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      contents: [
        { type: 'text_reasoning', text: '', id: 'rs_1', encrypted: 'xyz' },
        call('call_a', '{}'),
        { type: 'text_reasoning', text: 'Hm.', id: 'rs_2' },
        { type: 'text_reasoning', text: '', id: 'rs_3', encrypted: 'abc' },
        call('call_b', '{}'),
        { type: 'text', text: 'One moment.' },
      ],
    },
  ];

  const body = responsesBody(base, question({ messages }));

  expect(body).toHaveProperty('input', [
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xyz' },
    { type: 'function_call', call_id: 'call_a', name: 'get_weather', arguments: '{}' },
    { type: 'reasoning', id: 'rs_3', summary: [], encrypted_content: 'abc' },
    { type: 'function_call', call_id: 'call_b', name: 'get_weather', arguments: '{}' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'One moment.', annotations: [] }] },
  ]);
});

test.each([
  ['get.weather now', 'get_weather_now'],
  ['x'.repeat(80), 'x'.repeat(64)],
  ['', 'unknown'],
])('a name that a model made up is replayed as one that the service takes: %j', (name, sent) => {
  const messages: Message[] = [{ role: 'assistant', contents: [call('call_a', '{}', name)] }];

  expect(chatBody(model, question({ messages }), PROFILES.openai)).toMatchObject({
    messages: [{ tool_calls: [{ function: { name: sent } }] }],
  });
  expect(responsesBody(base, question({ messages }))).toMatchObject({ input: [{ name: sent }] });
});

test('a tool message without a result has no place in a request', () => {
  const request = question({ messages: [{ role: 'tool', contents: 'Snow' }] });

  expect(() => chatBody(model, request, PROFILES.openai)).toThrow(
    "A message with role 'tool' answers no tool call. Leave it out.",
  );
  expect(() => responsesBody(base, request)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
});

const closed = { ...parameters, additionalProperties: false };

test.each([
  [closed, true],
  [parameters, false],
])('the shape of the answer is asked for, enforced where it can be: %j', (schema, strict) => {
  const request = question({ output: { name: 'answer', schema } });

  expect(chatBody(model, request, PROFILES.openai)).toHaveProperty('response_format', {
    type: 'json_schema',
    json_schema: { name: 'answer', schema, strict },
  });
  expect(responsesBody(base, request)).toHaveProperty('text', {
    format: { type: 'json_schema', name: 'answer', schema, strict },
  });
});

test('what a client says of its text on Responses stays beside the shape of the answer', () => {
  const wordy = { ...model, text: { verbosity: 'high' } };

  const shaped = responsesBody(wordy, question({ output: { name: 'answer', schema: closed } }));
  const plain = responsesBody(wordy, question());

  expect(shaped).toHaveProperty('text', {
    verbosity: 'high',
    format: { type: 'json_schema', name: 'answer', schema: closed, strict: true },
  });
  expect(plain).toHaveProperty('text', { verbosity: 'high' });
});

test('the shape of an answer is a matter of a run, not of the parameters', () => {
  const text = { verbosity: 'low', format: { type: 'json_object' } } as { verbosity: 'low' };

  const act = () => new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, parameters: { text } });

  const message = "parameters cannot hold text.format: pass a run's `output` instead.";
  expect(act).toThrow(expect.objectContaining({ code: 'config_invalid', message }));
});
