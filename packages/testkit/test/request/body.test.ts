import { expect, test } from 'vitest';
import { mockModel, reply } from '../../src/index.ts';
import { chatPath, post, responsesPath } from '../reader.ts';

const conversation = [
  { role: 'user', text: 'What is Python?' },
  { role: 'assistant', text: 'I cannot say.' },
  { role: 'user', text: 'How old is it?' },
];

test('a Chat Completions request is read as instructions and conversation', async () => {
  using model = mockModel(reply('1991'));

  await post(model, chatPath, {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is Python?' },
      { role: 'assistant', name: 'Atlas', content: null, refusal: 'I cannot say.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'How old ' },
          { type: 'text', text: 'is it?' },
        ],
      },
    ],
  });

  expect(model.requests[0]).toMatchObject({
    api: 'chat_completions',
    instructions: 'Be brief.',
    messages: conversation,
  });
  expect(model.requests[0]!.texts).toEqual(['What is Python?', 'I cannot say.', 'How old is it?']);
});

test('a Responses request is read the same, skipping items that are not messages', async () => {
  using model = mockModel(reply('1991'));

  await post(model, responsesPath, {
    instructions: 'Be brief.',
    input: [
      { role: 'user', content: 'What is Python?' },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'I cannot say.' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How old is it?' }] },
    ],
  });

  expect(model.requests[0]).toMatchObject({ api: 'responses', instructions: 'Be brief.', messages: conversation });
});

test.each([
  [chatPath, 'messages', (url: string) => ({ type: 'image_url', image_url: { url } })],
  [responsesPath, 'input', (url: string) => ({ type: 'input_image', image_url: url })],
] as const)('images are read with their type and size, over %s', async (path, member, image) => {
  using model = mockModel(reply('Red.'));
  const content = [image('data:image/png;base64,AAAA'), image('https://pictures.test/red.png')];

  await post(model, path, { [member]: [{ role: 'user', content }] });

  expect(model.requests[0]!.messages).toEqual([
    {
      role: 'user',
      text: '',
      images: [
        { mediaType: 'image/png', bytes: 3 },
        { mediaType: null, bytes: null },
      ],
    },
  ]);
});

test('without instructions there are none, and a system message in between is part of the conversation', async () => {
  using model = mockModel(reply('A'), reply('B'), reply('C'));
  const messages = [
    { role: 'user', content: 'Hi.' },
    { role: 'system', content: 'Speak up.' },
  ];

  await post(model, chatPath, { messages });
  await post(model, responsesPath, { input: messages });
  await post(model, responsesPath, { input: 'Hi.' });

  expect(model.requests.map(({ instructions }) => instructions)).toEqual([null, null, null]);
  expect(model.requests.map(({ texts }) => texts)).toEqual([['Hi.', 'Speak up.'], ['Hi.', 'Speak up.'], ['Hi.']]);
});

test('the rest of the request is recorded as it came', async () => {
  using model = mockModel(reply('A'), reply('B'));
  const headers = { 'API-Key': 'secret', 'content-type': 'application/json' };

  await post(model, `${responsesPath}?api-version=preview`, { input: 'Hi.', temperature: 0 }, { headers });
  await fetch(`${model.baseURL}${responsesPath}`, { method: 'POST', body: 'not json' });

  expect(model.requests[0]).toMatchObject({ method: 'POST', path: '/v1/responses?api-version=preview' });
  expect(model.requests[0]!.headers['api-key']).toBe('secret');
  expect(model.requests[0]!.body).toEqual({ input: 'Hi.', temperature: 0 });
  expect(model.requests[1]!.body).toEqual({});
});
