// What a request becomes, and what is refused because a prompt has no place for it.
import type { Content, Message } from '@turnstream/core';
import { dataContent } from '@turnstream/core';
import { expect, test } from 'vitest';
import { finish, said, stubModel, updatesOf } from '../stub-model.ts';

const png = dataContent(Uint8Array.of(1, 2, 3), 'image/png');
const call = { type: 'function_call', callId: 'c1', name: 'look', arguments: '' } as const;

async function promptOf(messages: readonly Message[]): Promise<unknown> {
  const model = stubModel([finish()]);
  await updatesOf(model, { messages });
  return model.calls[0]?.prompt;
}

test.for<[name: string, message: Message, named: string]>([
  [
    'an address that the model does not fetch',
    asked({ type: 'uri', uri: 'https://a.example/b.png', mediaType: 'image/png' }),
    'uri (image/png)',
  ],
  ['what is not an address', asked({ type: 'uri', uri: 'b.png', mediaType: 'image/png' }), 'uri (image/png)'],
  ['a file of unknown type', asked({ type: 'hosted_file', fileId: 'f1' }), 'hosted_file without a mediaType'],
  ['a refusal in a question', asked({ type: 'refusal', text: 'No' }), 'refusal in a question'],
  ['an image in a system message', { role: 'system', contents: [png] }, 'data in a system message'],
  ['a tool message without results', { role: 'tool', contents: 'Snow' }, "role 'tool'"],
  [
    'a result without its call',
    { role: 'tool', contents: [{ type: 'function_result', callId: 'c9', result: 'A' }] },
    '"c9"',
  ],
  ['a call with broken arguments', { role: 'assistant', contents: [{ ...call, arguments: '{"a' }] }, '"c1"'],
  [
    'an answer to a request for consent',
    { role: 'assistant', contents: [{ ...call, type: 'approval_request' }] },
    'approval_request in an answer',
  ],
])('%s is refused before anything is sent', async ([, message, words]) => {
  const model = stubModel();

  const updates = updatesOf(model, { messages: [message] });

  await expect(updates).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringContaining(words) });
  expect(model.calls).toEqual([]);
});

test('images and files go by bytes, by an address that the model fetches, and by their id', async () => {
  const messages = [
    asked(
      png,
      { type: 'data', uri: 'data:application/pdf;base64,AQID', mediaType: 'application/pdf', name: 'a.pdf' },
      { type: 'uri', uri: 'https://Pictures.example/b.png', mediaType: 'image/png' },
      { type: 'hosted_file', fileId: 'f1', mediaType: 'application/pdf' },
    ),
  ];

  const prompt = await promptOf(messages);

  expect(prompt).toMatchObject([
    {
      role: 'user',
      content: [
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQID' } },
        { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', data: { type: 'data', data: 'AQID' } },
        { type: 'file', data: { type: 'url', url: new URL('https://pictures.example/b.png') } },
        { type: 'file', data: { type: 'reference', reference: { stub: 'f1' } } },
      ],
    },
  ]);
});

test('a result goes back as text, as an error, or with its files, under the name of its tool', async () => {
  const results: Content[] = [
    { type: 'function_result', callId: 'c1', result: 'Snow' },
    { type: 'function_result', callId: 'c1', result: 'It failed', error: 'tool_failed' },
    { type: 'function_result', callId: 'c1', result: 'See:', items: [{ type: 'text', text: 'See:' }, png] },
  ];

  const prompt = await promptOf([
    { role: 'assistant', contents: [call] },
    { role: 'tool', contents: results },
  ]);

  expect(prompt).toMatchObject([
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: {} }] },
    {
      role: 'tool',
      content: [
        { toolName: 'look', output: { type: 'text', value: 'Snow' } },
        { toolName: 'look', output: { type: 'error-text', value: 'It failed' } },
        {
          toolName: 'look',
          output: {
            type: 'content',
            value: [
              { type: 'text', text: 'See:' },
              { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQID' } },
            ],
          },
        },
      ],
    },
  ]);
});

test('what another client keeps for its own service is not sent, and a message without anything else is left out', async () => {
  const opaque = { openai_responses: { encrypted_content: 'x' } };

  const prompt = await promptOf([
    { role: 'system', contents: 'Rule.' },
    { role: 'assistant', contents: [{ type: 'service_item', name: 'web_search_call', opaque }] },
    {
      role: 'assistant',
      contents: [
        { type: 'text_reasoning', text: 'Hm', opaque },
        { type: 'refusal', text: 'No.' },
      ],
    },
    { role: 'assistant', contents: '' },
  ]);

  expect(prompt).toEqual([
    { role: 'system', content: 'Rule.' },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm' },
        { type: 'text', text: 'No.' },
      ],
    },
  ]);
});

test('tools of the provider are offered beside those of the caller', async () => {
  const search = { type: 'provider', id: 'stub.search', name: 'search', args: { depth: 2 } } as const;
  const model = stubModel([...said('A'), finish()]);
  const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object' }, strict: true }];

  await updatesOf(model, { tools, toolChoice: 'auto' }, { parameters: { tools: [search] } });

  expect(model.calls[0]).toMatchObject({
    tools: [
      search,
      { type: 'function', name: 'look', description: 'Looks.', inputSchema: { type: 'object' }, strict: true },
    ],
    toolChoice: { type: 'auto' },
  });
});

function asked(...contents: Content[]): Message {
  return { role: 'user', contents };
}
