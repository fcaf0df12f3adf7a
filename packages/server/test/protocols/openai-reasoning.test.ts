// What a model thinks on the way to its answer, in both of OpenAI's APIs, with the unmodified client of OpenAI.
import type { Content } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { asked, clientOf } from './openai-chat-calls.ts';

const citation = { type: 'citation', url: 'https://example.com/' } as const;
const contents: readonly Content[] = [
  { type: 'text_reasoning', text: 'Hm.', id: 'r', part: 0 },
  { type: 'text_reasoning', text: 'So.', id: 'r', part: 1 },
  { type: 'text_reasoning', text: '', id: 'r', opaque: { service: 'encrypted' } },
  { type: 'service_item', name: 'web_search_call', opaque: {} },
  { type: 'text', text: 'Rain' },
  { type: 'text', text: '.' },
  { type: 'text', text: '', annotations: [citation] },
];

async function* send() {
  yield chatUpdate({ contents: [{ type: 'text', text: 'Let me look.' }], phase: 'commentary', messageId: 'a' });
  yield chatUpdate({ contents, messageId: 'b' });
  yield chatUpdate({ finishReason: 'stop' });
}

const thinking = { openai: {}, agent: { client: { send } } };

test('a stream of Chat Completions has it as reasoning_content, and nothing of what only the service reads', async () => {
  await using rig = await openRig(thinking);

  const chunks = await Array.fromAsync(
    await clientOf(rig).chat.completions.create({ ...asked('Weather?'), stream: true }),
  );

  expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
    { role: 'assistant', content: '' },
    { reasoning_content: 'Let me look.' },
    { reasoning_content: 'Hm.' },
    { reasoning_content: 'So.' },
    { content: 'Rain' },
    { content: '.' },
    {},
  ]);
});

test('a whole answer of Chat Completions has it as reasoning_content too', async () => {
  await using rig = await openRig(thinking);

  const { choices } = await clientOf(rig).chat.completions.create(asked('Weather?'));

  expect(choices[0]?.message).toEqual({
    role: 'assistant',
    content: 'Rain.',
    refusal: null,
    reasoning_content: 'Let me look.Hm.So.',
  });
});

test('a response has it as reasoning items, streamed, whole and read again', async () => {
  await using rig = await openRig(thinking);
  const { responses } = clientOf(rig);
  const asking = { model: 'agent', input: 'Weather?' };

  const events = await Array.fromAsync(await responses.create({ ...asking, stream: true }));
  const whole = await responses.create(asking);
  const again = await responses.retrieve(whole.id);

  const thought = ['item.added', 'reasoning_summary_part.added', 'reasoning_summary_text.delta'].concat([
    'reasoning_summary_text.done',
    'reasoning_summary_part.done',
    'item.done',
  ]);
  const said = ['item.added', 'content_part.added', 'output_text.delta', 'output_text.delta'].concat([
    'output_text.done',
    'content_part.done',
    'item.done',
  ]);
  expect(events.map(({ type }) => type.replace(/^response\.(output_(?=item))?/, ''))).toEqual(
    ['created', 'in_progress'].concat(thought, thought, thought, said, 'completed'),
  );
  const last = events.at(-1);
  for (const { output } of [...(last?.type === 'response.completed' ? [last.response] : []), whole, again]) {
    expect(output).toEqual([
      ...['Let me look.', 'Hm.', 'So.'].map((text) => ({
        id: expect.stringMatching(/^rs_/),
        type: 'reasoning',
        summary: [{ type: 'summary_text', text }],
      })),
      expect.objectContaining({ type: 'message', content: [expect.objectContaining({ text: 'Rain.' })] }),
    ]);
  }
});

test('neither a session nor a conversation shows commentary as an answer', async () => {
  await using rig = await openRig(thinking);
  const { conversations, responses } = clientOf(rig);
  const { id } = await conversations.create();
  await responses.create({ model: 'agent', input: 'Weather?', conversation: id });

  const { messages } = await (await rig.get(`/sessions/${id}`)).json();
  const items = await Array.fromAsync(conversations.items.list(id, { order: 'asc' }));

  expect(messages).toEqual(
    ['Weather?', '', 'Rain.'].map((text) => expect.objectContaining({ text, turn: 0, status: null })),
  );
  expect(items.map((item) => item.type === 'message' && item.content)).toEqual(
    ['Weather?', 'Rain.'].map((text) => [expect.objectContaining({ text })]),
  );
});
