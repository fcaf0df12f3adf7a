import { type Content, dataContent } from '@turnstream/core';
import { mockModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { chatBody } from '../../src/chat-completions/request.ts';
import { PROFILES } from '../../src/service/profile.ts';
import { chatCompletions, outcomeOf, question } from '../both-apis.ts';

const bytes = new Uint8Array([1, 2, 3]);
const text = { type: 'text', text: 'What is this?' } as const;

test.each<[string, Content, object]>([
  [
    'an image by address',
    { type: 'uri', uri: 'https://a.example/dog.png', mediaType: 'image/png' },
    { type: 'image_url', image_url: { url: 'https://a.example/dog.png' } },
  ],
  [
    'an image of bytes',
    dataContent(bytes, 'image/png'),
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
  ],
  ['a sound', dataContent(bytes, 'audio/wav'), { type: 'input_audio', input_audio: { data: 'AQID', format: 'wav' } }],
  [
    'a sound whose type has a parameter',
    dataContent(bytes, 'audio/wav;codecs=1'),
    { type: 'input_audio', input_audio: { data: 'AQID', format: 'wav' } },
  ],
  [
    'a document',
    dataContent(bytes, 'application/pdf', 'plan.pdf'),
    { type: 'file', file: { filename: 'plan.pdf', file_data: 'data:application/pdf;base64,AQID' } },
  ],
  ['a file the service has', { type: 'hosted_file', fileId: 'file_1' }, { type: 'file', file: { file_id: 'file_1' } }],
])('%s is a part of the question', (_, content, part) => {
  const messages = [{ role: 'user' as const, contents: [text, content] }];

  const body = chatBody({ model: 'm' }, question({ messages, stream: false }), PROFILES.openai);

  expect(body).toHaveProperty('messages', [{ role: 'user', content: [text, part] }]);
});

test.each<[string, Content]>([
  ['a document by address', { type: 'uri', uri: 'https://a.example/a.pdf', mediaType: 'application/pdf' }],
  ['reasoning', { type: 'text_reasoning', text: 'Hm.' }],
  ['a kind nobody knows', { type: 'hologram' } as unknown as Content],
])('%s in a question is refused before anything is sent', async (_, content) => {
  using model = mockModel();
  const client = chatCompletions.newClient({ baseURL: model.baseURL });
  const messages = [{ role: 'user' as const, contents: [text, content] }];

  const { error } = await outcomeOf(client.send(question({ messages })));

  expect(error).toMatchObject({ code: 'input_invalid' });
  expect(model.requests).toHaveLength(0);
});

test('an image in a tool result is refused: this API takes text there', () => {
  const items = [dataContent(bytes, 'image/png')];
  const messages = [
    { role: 'tool' as const, contents: [{ type: 'function_result' as const, callId: 'c1', result: '', items }] },
  ];

  const act = () => chatBody({ model: 'm' }, question({ messages }), PROFILES.openai);

  expect(act).toThrow('A content of type data in a tool result cannot be sent');
});

test('an image the model made leaves a mark in its message', () => {
  const messages = [{ role: 'assistant' as const, contents: [text, dataContent(bytes, 'image/png')] }];

  const body = chatBody({ model: 'm' }, question({ messages, stream: false }), PROFILES.openai);

  expect(body).toHaveProperty('messages', [{ role: 'assistant', content: 'What is this?[image/png]' }]);
});
