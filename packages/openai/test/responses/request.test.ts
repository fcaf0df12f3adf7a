import type { Message } from '@turnstream/core';
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { isReasoningModel, responsesBody } from '../../src/responses/request.ts';
import { API_KEY, outcomeOf, question } from '../both-apis.ts';

const base = { model: 'gpt-4.1' };
const asked = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is Python?' }] };

test('without a conversation nothing is stored at the service and everything is replayed', () => {
  const messages: Message[] = [
    { role: 'user', contents: 'What is Python?' },
    { role: 'assistant', contents: 'A language.', authorName: 'Atlas', messageId: 'msg_1' },
    { role: 'user', contents: 'How old?' },
  ];

  const body = responsesBody(base, question({ instructions: 'Be brief.', messages, stream: false }));

  expect(body).toEqual({
    model: 'gpt-4.1',
    instructions: 'Be brief.',
    input: [
      asked,
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'A language.', annotations: [] }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How old?' }] },
    ],
    stream: false,
    store: false,
  });
});

test.each([
  ['a new conversation', null, {}],
  ['a chain of responses', 'resp_7', { previous_response_id: 'resp_7' }],
  ['a conversation of the service', 'conv_7', { conversation: 'conv_7' }],
])('%s leaves storing to the service', (_, id, link) => {
  const body = responsesBody(base, question({ conversation: { id } }));

  expect(body).toEqual({ model: 'gpt-4.1', input: [asked], stream: true, ...link });
});

test('a reasoning model is asked for its encrypted reasoning when nothing is stored', () => {
  const replayed = responsesBody({ ...base, reasoning: {} }, question());
  const continued = responsesBody({ ...base, reasoning: {} }, question({ conversation: { id: 'resp_7' } }));

  expect(replayed).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] });
  expect(continued).not.toHaveProperty('include');
});

test.each([
  ['o1', true],
  ['o4-mini', true],
  ['gpt-5', true],
  ['gpt-5.2-codex', true],
  ['ft:o4-mini-2025-04-16:org::id', true],
  ['gpt-5-chat-latest', false],
  ['gpt-5.1-chat-latest', false],
  ['gpt-4.1', false],
  ['gpt-4o', false],
  ['ft:gpt-4.1:o1', false],
  ['my-deployment', false],
])('the model %s reasons: %s', (model, reasons) => {
  expect(isReasoningModel(model)).toBe(reasons);
});

test('encrypted reasoning is replayed as its own item, before the message it led to', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      contents: [
        { type: 'text_reasoning', text: 'Weighing options.', id: 'rs_1', encrypted: 'xyz' },
        { type: 'text', text: 'Take ' },
        { type: 'text', text: 'the train.' },
      ],
    },
  ];

  const body = responsesBody(base, question({ messages }));

  expect(body).toHaveProperty('input', [
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'Weighing options.' }],
      encrypted_content: 'xyz',
    },
    {
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'Take ', annotations: [] },
        { type: 'output_text', text: 'the train.', annotations: [] },
      ],
    },
  ]);
});

test('reasoning between two texts stays between them', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      contents: [
        { type: 'text', text: 'First.' },
        { type: 'text_reasoning', text: '', encrypted: 'xyz' },
        { type: 'text', text: 'Then.' },
      ],
    },
  ];

  const body = responsesBody(base, question({ messages }));

  expect(body).toHaveProperty('input', [
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'First.', annotations: [] }] },
    { type: 'reasoning', summary: [], encrypted_content: 'xyz' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Then.', annotations: [] }] },
  ]);
});

test('a user message of several texts is one item of several parts, and empty instructions are not sent', () => {
  const messages: Message[] = [
    {
      role: 'user',
      contents: [
        { type: 'text', text: 'One.' },
        { type: 'text', text: 'Two.' },
      ],
    },
  ];

  const body = responsesBody(base, question({ messages, instructions: '' }));

  const content = [
    { type: 'input_text', text: 'One.' },
    { type: 'input_text', text: 'Two.' },
  ];
  expect(body).toEqual({
    model: 'gpt-4.1',
    input: [{ type: 'message', role: 'user', content }],
    stream: true,
    store: false,
  });
});

test('a refusal is replayed as one, and reasoning that was not encrypted is not replayed', () => {
  const messages: Message[] = [
    {
      role: 'assistant',
      contents: [
        { type: 'text_reasoning', text: 'Hm.', id: 'rs_1' },
        { type: 'refusal', text: 'No.' },
      ],
    },
    { role: 'assistant', contents: [{ type: 'text_reasoning', text: 'Hm.' }] },
    { role: 'system', contents: 'Speak up.' },
  ];

  const body = responsesBody(base, question({ messages }));

  expect(body).toHaveProperty('input', [
    { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Speak up.' }] },
  ]);
});

test('a deployment that is asked to reason is taken for a reasoning model', async () => {
  using model = mockModel(reply('Hi.'));
  const parameters = { reasoning: { effort: 'low' } } as const;
  const client = new OpenAIResponsesClient({ model: 'mine', parameters, apiKey: API_KEY, baseURL: model.baseURL });

  await outcomeOf(client.send(question()));

  expect(model.requests[0]!.body).toEqual({
    model: 'mine',
    reasoning: { effort: 'low' },
    input: [asked],
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
  });
  expect(model.requests[0]).toMatchObject({ method: 'POST', path: '/v1/responses' });
  expect(model.requests[0]!.headers['authorization']).toBe(`Bearer ${API_KEY}`);
});
