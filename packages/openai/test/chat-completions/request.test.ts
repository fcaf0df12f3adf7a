import type { Message } from '@turnstream/core';
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { chatBody } from '../../src/chat-completions/request.ts';
import { OpenAIChatCompletionsClient } from '../../src/index.ts';
import { PROFILES } from '../../src/service/profile.ts';
import { API_KEY, outcomeOf, question } from '../both-apis.ts';

const base = { model: 'gpt-4.1' };

test('instructions come first, as a system message, and every message is one wire message', () => {
  const messages: Message[] = [
    { role: 'user', contents: 'What is Python?' },
    { role: 'assistant', contents: 'Python is a language.', authorName: 'chat agent' },
    { role: 'user', contents: 'How old?' },
  ];

  const body = chatBody(base, question({ instructions: 'Be brief.', messages, stream: false }), PROFILES.openai);

  expect(body).toEqual({
    model: 'gpt-4.1',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is Python?' },
      { role: 'assistant', name: 'chatagent', content: 'Python is a language.' },
      { role: 'user', content: 'How old?' },
    ],
    stream: false,
  });
});

test('a streaming request asks for the usage', () => {
  const body = chatBody(base, question(), PROFILES.openai);

  expect(body).toEqual({
    model: 'gpt-4.1',
    messages: [{ role: 'user', content: 'What is Python?' }],
    stream: true,
    stream_options: { include_usage: true },
  });
});

test.each([
  ['chat agent', 'chatagent'],
  ['Atlas-7_b', 'Atlas7_b'],
  ['日本', undefined],
  ['x'.repeat(80), 'x'.repeat(64)],
])('the author %j is sent as the name %j', (authorName, name) => {
  const messages: Message[] = [{ role: 'assistant', contents: 'Hi.', authorName }];

  const body = chatBody(base, question({ messages }), PROFILES.openai);

  const message = { role: 'assistant', content: 'Hi.', ...(name === undefined ? {} : { name }) };
  expect(body).toMatchObject({ messages: [message] });
});

test('answers of two authors keep their own names, and an answer without author has none', () => {
  const messages: Message[] = [
    { role: 'assistant', contents: 'a', authorName: 'One' },
    { role: 'assistant', contents: 'b', authorName: 'Two' },
    { role: 'assistant', contents: 'c' },
  ];

  const body = chatBody(base, question({ messages }), PROFILES.openai);

  expect(body).toHaveProperty('messages', [
    { role: 'assistant', name: 'One', content: 'a' },
    { role: 'assistant', name: 'Two', content: 'b' },
    { role: 'assistant', content: 'c' },
  ]);
});

test('a refusal is replayed as the words of the assistant, and reasoning is not replayed', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      contents: [
        { type: 'text_reasoning', text: 'Hm.', id: 'rs_1', encrypted: 'xyz' },
        { type: 'refusal', text: 'Sorry, I cannot do that.' },
      ],
    },
    { role: 'assistant', contents: [{ type: 'text_reasoning', text: 'Hm.' }] },
  ];

  const body = chatBody(base, question({ messages }), PROFILES.openai);

  expect(body).toHaveProperty('messages', [{ role: 'assistant', content: 'Sorry, I cannot do that.' }]);
});

test('parameters are sent along, and a client without a name for itself sends no store', async () => {
  using model = mockModel(reply('Hi.'));
  const parameters = { temperature: 0.2, max_completion_tokens: 50 };
  const client = new OpenAIChatCompletionsClient({ model: 'm', parameters, apiKey: API_KEY, baseURL: model.baseURL });

  await outcomeOf(client.send(question({ stream: false })));

  expect(model.requests[0]!.body).toEqual({
    model: 'm',
    temperature: 0.2,
    max_completion_tokens: 50,
    messages: [{ role: 'user', content: 'What is Python?' }],
    stream: false,
  });
  expect(model.requests[0]).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
  expect(model.requests[0]!.headers['authorization']).toBe(`Bearer ${API_KEY}`);
});

test.each([
  ['a service that takes schemas', PROFILES.openai, { output: { name: 'answer', schema: { type: 'object' } } }],
  ['a service of JSON mode that is asked for no shape', PROFILES.deepseek, {}],
])('%s reads no schema in the instructions', (_, profile, asked) => {
  const body = chatBody(base, question({ instructions: 'Be brief.', ...asked }), profile);

  expect(body).toHaveProperty('messages', [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is Python?' },
  ]);
});

test('reasoning that came in no member of its own goes back as reasoning_content, where it has to', () => {
  const call = { type: 'function_call', callId: 'call_a', name: 'now', arguments: '{}' } as const;
  const messages: Message[] = [
    {
      role: 'assistant',
      contents: [{ type: 'text_reasoning', text: 'I need ' }, { type: 'text_reasoning', text: 'the clock.' }, call],
    },
  ];

  const body = chatBody(base, question({ messages }), PROFILES.deepseek);

  expect(body).toMatchObject({
    messages: [{ reasoning_content: 'I need the clock.', tool_calls: [{ id: 'call_a' }] }],
  });
});

test('calls that no reasoning led to go back without any', () => {
  const call = { type: 'function_call', callId: 'call_a', name: 'now', arguments: '{}' } as const;
  const messages: Message[] = [{ role: 'assistant', contents: [{ type: 'text', text: 'One moment.' }, call] }];

  const body = chatBody(base, question({ messages }), PROFILES.deepseek);

  expect(body).toHaveProperty('messages', [
    {
      role: 'assistant',
      content: 'One moment.',
      tool_calls: [{ id: 'call_a', type: 'function', function: { name: 'now', arguments: '{}' } }],
    },
  ]);
});

test('that the model made an image is not lost on its way back, whether it is bytes or an address', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      contents: [
        { type: 'text', text: 'Here: ' },
        { type: 'data', uri: 'data:image/png;base64,AA==', mediaType: 'image/png' },
        { type: 'uri', uri: 'https://a.example/dog', mediaType: 'image/*' },
      ],
    },
  ];

  const body = chatBody(base, question({ messages }), PROFILES.openai);

  expect(body).toHaveProperty('messages', [{ role: 'assistant', content: 'Here: [image/png][image/*]' }]);
});
