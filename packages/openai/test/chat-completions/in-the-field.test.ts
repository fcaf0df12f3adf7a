// What servers of the Chat Completions API write in the field, streamed and whole. Bytes as the servers’ users reported them.
import type { ChatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { finishReasonIn } from '../../src/chat-completions/finish-reason.ts';
import { context, streamed, thought, whole } from './field-answers.ts';

test.each<[string, object, boolean]>([
  ['an empty reasoning_content', { role: 'assistant', content: null, reasoning_content: '' }, true],
  ['an empty reasoning', { content: '', reasoning: '' }, true],
  ['encrypted reasoning', { content: '', reasoning: null, reasoning_details: [{ type: 'reasoning.encrypted' }] }, true],
  ['a role', { role: 'assistant', content: '', reasoning: null, reasoning_details: [] }, false],
  ['words', { content: 'Four.', reasoning_content: '' }, false],
])('%s in a delta, %j: counts as silent work: %s', (_, delta, expected) => {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];

  decoder.takeFrame(undefined, JSON.stringify({ id: 'c', choices: [{ index: 0, delta }] }), updates);

  expect(updates.some(({ isWorking }) => isWorking)).toBe(expected);
});

test.each(['reasoning_content', 'reasoning'])('%s is reasoning, streamed and whole', async (member) => {
  const answers = [
    await streamed([{ content: '', [member]: 'Two ' }, { [member]: 'and two.' }, { content: 'Four.' }]),
    await whole({ [member]: 'Two and two.', content: 'Four.' }),
  ];

  for (const { contents, text } of answers) {
    expect(text).toBe('Four.');
    expect(contents).toEqual([thought('Two and two.', member), { type: 'text', text: 'Four.' }]);
  }
});

test('a server that writes its reasoning under both names has it read once', async () => {
  const { contents } = await whole({ reasoning: 'Hm.', reasoning_content: 'Hm.', content: 'Four.' });

  expect(contents).toEqual([thought('Hm.', 'reasoning_content'), { type: 'text', text: 'Four.' }]);
});

test.each([
  ['a list of texts', [{ type: 'thinking', thinking: [{ type: 'text', text: 'Two and two.' }] }]],
  ['a string', [{ type: 'thinking', thinking: 'Two and two.' }]],
])('content in parts: text is text, and thinking as %s is reasoning', async (_, thinking) => {
  const parts = [...thinking, { type: 'text', text: 'Fo' }, 'ur.'];

  const answers = [await streamed(parts.map((part) => ({ content: [part] }))), await whole({ content: parts })];

  for (const { contents } of answers) {
    expect(contents).toEqual([
      { type: 'text_reasoning', text: 'Two and two.' },
      { type: 'text', text: 'Four.' },
    ]);
  }
});

test('a part of a kind nobody here knows is kept as it came', async () => {
  const part = { type: 'hologram', data: [1] };

  const { contents } = await whole({ content: [part] });

  expect(contents).toEqual([{ type: 'service_item', name: 'hologram', opaque: { chat_completions: part } }]);
});

test.each<[string, unknown, object[]]>([
  [
    'an image by address',
    { type: 'image_url', image_url: { url: 'https://a.example/dog' } },
    [{ type: 'uri', uri: 'https://a.example/dog', mediaType: 'image/*' }],
  ],
  [
    'an image of bytes, as a mere string',
    { type: 'image_url', image_url: 'data:image/gif;base64,AA==' },
    [{ type: 'data', uri: 'data:image/gif;base64,AA==', mediaType: 'image/gif' }],
  ],
  [
    'an image without an address',
    { type: 'image_url', image_url: {} },
    [{ type: 'service_item', name: 'image', opaque: { chat_completions: { type: 'image_url', image_url: {} } } }],
  ],
  ['a text without words', { type: 'text' }, []],
  ['a text that is empty', '', []],
  ['nothing', null, []],
  ['thinking without words', { type: 'thinking', thinking: [{ type: 'text' }] }, []],
  ['a text as Responses writes it', { type: 'output_text', text: 'Hi.' }, [{ type: 'text', text: 'Hi.' }]],
  ['a refusal', { type: 'refusal', refusal: 'No.' }, [{ type: 'refusal', text: 'No.' }]],
  ['reasoning', { type: 'reasoning', reasoning: 'Hm.' }, [{ type: 'text_reasoning', text: 'Hm.' }]],
  ['reasoning under `text`', { type: 'reasoning', text: 'Hm.' }, [{ type: 'text_reasoning', text: 'Hm.' }]],
])('%s is a part of the content', async (_, part, expected) => {
  const { contents } = await whole({ content: [part] });

  expect(contents).toEqual(expected);
});

test.each([[{ 0: 'a' }], [{ text: 'Hi' }]])(
  'content that is neither text nor a list is stream_malformed',
  async (content) => {
    await expect(streamed([{ content }])).rejects.toMatchObject({ code: 'stream_malformed' });
    await expect(whole({ content })).rejects.toMatchObject({ code: 'stream_malformed' });
  },
);

test('citations belong to the text, and an image the model made is a content', async () => {
  const citation = { url: 'https://a.example', title: 'A', start_index: 0, end_index: 5 };
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };

  const { contents } = await whole({
    content: 'Sunny.',
    annotations: [{ type: 'url_citation', url_citation: citation }],
    images: [image],
  });

  expect(contents).toEqual([
    {
      type: 'text',
      text: 'Sunny.',
      annotations: [
        { type: 'citation', title: 'A', url: 'https://a.example', regions: [{ startIndex: 0, endIndex: 5 }] },
      ],
    },
    { type: 'data', uri: 'data:image/png;base64,AA==', mediaType: 'image/png' },
  ]);
});

test.each(['error', 'insufficient_system_resource', 'abort', 'ERROR', 'malformed-function-call'])(
  'the finish reason %s is a failure',
  async (finish_reason) => {
    const failure = { code: 'response_failed', serviceCode: finish_reason };

    await expect(streamed([{ content: 'The capital of Fr' }], { finish_reason })).rejects.toMatchObject(failure);
    await expect(whole({ content: 'The capital of Fr' }, { finish_reason })).rejects.toMatchObject(failure);
  },
);

test('an error inside the choice is the error of the answer', async () => {
  const finish = { finish_reason: 'error', error: { code: 502, message: 'Upstream is gone.' } };
  const failure = { code: 'server_error', status: 502 };

  await expect(streamed([{ content: 'Hi' }], finish)).rejects.toMatchObject(failure);
  await expect(whole({ content: 'Hi' }, finish)).rejects.toMatchObject(failure);
});

test.each([
  ['eos', 'eos'],
  ['function_call', 'tool_calls'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['LENGTH', 'length'],
  ['content-filter', 'content_filter'],
  ['Tool-Calls', 'tool_calls'],
  ['SAFETY', 'content_filter'],
])('the finish reason %s reads as %s', (reason, read) => {
  expect(finishReasonIn(reason)).toBe(read);
});

test('choice 0 counts wherever it stands in the list', () => {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  const choices = [
    { index: 1, delta: { content: 'other' } },
    { index: 0, delta: { content: 'mine' } },
  ];

  decoder.takeFrame(undefined, JSON.stringify({ id: 'c', choices }), updates);

  expect(updates.map(({ text }) => text).join('')).toBe('mine');
});

test('model, time and tier come with the first chunk, and log probabilities with theirs', () => {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  const said = { id: 'c', model: 'm-1', created: 1767000000, service_tier: 'flex' };

  for (const token of ['a', 'b']) {
    const choice = { index: 0, delta: { content: token }, logprobs: { content: [{ token, logprob: -1 }] } };
    decoder.takeFrame(undefined, JSON.stringify({ ...said, choices: [choice] }), updates);
  }

  expect(updates.flatMap(({ metadata }) => metadata ?? [])).toEqual([
    { model: 'm-1', createdAtMs: 1767000000000, serviceTier: 'flex', logprobs: [{ token: 'a', logprob: -1 }] },
    { logprobs: [{ token: 'b', logprob: -1 }] },
  ]);
});

test.each([{ model: 'm-1' }, { created: 1767000000 }, { service_tier: 'flex' }])(
  'a server that says only %j of itself has that said',
  (said) => {
    const decoder = new ChatDecoder(context);
    const updates: ChatUpdate[] = [];

    decoder.takeFrame(undefined, JSON.stringify({ id: 'c', ...said, choices: [{ delta: { content: 'a' } }] }), updates);

    const {
      created,
      service_tier: serviceTier,
      model,
    } = { created: undefined, service_tier: undefined, model: undefined, ...said };
    const expected = { model, createdAtMs: created === undefined ? undefined : 1767000000000, serviceTier };
    expect(updates[0]?.metadata).toEqual(expected);
  },
);
