// What servers of the Chat Completions API write in the field, streamed and whole. Bytes as the servers' users reported them.
import { Agent, AgentSession, type Content, tool } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { mockModel, rawReply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { finishReasonIn } from '../../src/chat-completions/finish-reason.ts';
import { OpenAIChatCompletionsClient, type ServiceName } from '../../src/index.ts';
import { API_KEY } from '../both-apis.ts';

const context = { redact: (text: string) => text, requestId: null };

interface Said {
  readonly contents: readonly Content[];
  readonly finishReason: string | null;
  readonly text: string;
}

/** The deltas, one frame each, then the finish reason; folded by an agent. */
async function streamed(deltas: readonly object[], finish: object = { finish_reason: 'stop' }): Promise<Said> {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  const choices = [...deltas.map((delta) => ({ index: 0, delta })), { index: 0, delta: {}, ...finish }];
  for (const choice of choices) decoder.takeFrame(undefined, JSON.stringify({ id: 'c', choices: [choice] }), updates);
  decoder.close(updates);
  return folded(updates);
}

/** The same answer in one piece. */
async function whole(message: object, finish: object = { finish_reason: 'stop' }): Promise<Said> {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  decoder.takeWhole({ id: 'c', choices: [{ index: 0, message, ...finish }] }, updates);
  return folded(updates);
}

async function folded(updates: readonly ChatUpdate[]): Promise<Said> {
  const calls = (): AsyncIterator<ChatUpdate> =>
    (async function* () {
      yield* updates;
    })();
  const client = { send: () => ({ [Symbol.asyncIterator]: calls }) };
  const { messages, finishReason, text } = await new Agent({ client }).run('Go');
  const contents = messages.flatMap((message) =>
    typeof message.contents === 'string' ? [{ type: 'text' as const, text: message.contents }] : message.contents,
  );
  return { contents, finishReason, text };
}

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

const thought = (text: string, member: string) => ({
  type: 'text_reasoning',
  text,
  opaque: { chat_completions: { member } },
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
  ['SAFETY', 'content_filter'],
])('the finish reason %s reads as %s', (reason, read) => {
  expect(finishReasonIn(reason)).toBe(read);
});

test('tool calls that are announced and not there are stream_malformed', async () => {
  const finish = { finish_reason: 'tool_calls' };

  await expect(streamed([{ content: 'Hi' }], finish)).rejects.toMatchObject({ code: 'stream_malformed' });
  await expect(whole({ content: 'Hi' }, finish)).rejects.toMatchObject({ code: 'stream_malformed' });
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

const pay = (index: number, id: string | undefined, fields: object) => ({
  tool_calls: [{ index, ...(id === undefined ? {} : { id }), type: 'function', function: fields }],
});
const calls = { finish_reason: 'tool_calls' };

test('a call that comes again, whole, under its id and another index is the same call', async () => {
  const { contents } = await streamed(
    [
      pay(0, 'x1', { name: 'pay', arguments: '' }),
      pay(0, 'x1', { arguments: '{"euro":' }),
      pay(0, 'x1', { arguments: '5}' }),
      pay(1, 'x1', { name: 'pay', arguments: '{ "euro": 5 }' }),
    ],
    calls,
  );

  expect(contents).toEqual([{ type: 'function_call', callId: 'x1', name: 'pay', arguments: '{"euro":5}' }]);
});

test('one id on two calls that differ is two calls', async () => {
  const { contents } = await streamed(
    [pay(0, 'x1', { name: 'pay', arguments: '{"euro":5}' }), pay(1, 'x1', { name: 'pay', arguments: '{"euro":7}' })],
    calls,
  );

  expect(contents).toMatchObject([
    { callId: 'x1', arguments: '{"euro":5}' },
    { callId: expect.stringMatching(/^call_/), arguments: '{"euro":7}' },
  ]);
});

test.each([
  ['{} and then the real arguments: the real ones count', ['{}', '{"euro":', '5}'], '{"euro":5}'],
  ['{} alone is the arguments', ['{}'], '{}'],
])('%s', async (_, fragments, args) => {
  const deltas = fragments.map((fragment, at) =>
    at === 0 ? pay(0, 'x1', { name: 'pay', arguments: fragment }) : pay(0, undefined, { arguments: fragment }),
  );

  const { contents } = await streamed(deltas, calls);

  expect(contents).toEqual([{ type: 'function_call', callId: 'x1', name: 'pay', arguments: args }]);
});

test('an answer that says more after its finish reason goes on until the next one, which is given out once', () => {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  const take = (delta: object, finish_reason: string | null): void =>
    decoder.takeFrame(undefined, JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason }] }), updates);

  take(pay(0, 'a', { name: 'pay', arguments: '{"n":0}' }), 'tool_calls');
  const afterFirst = decoder.progress;
  take(pay(1, 'b', { name: 'pay', arguments: '{"n":1}' }), null);
  const between = decoder.progress;
  take({}, 'tool_calls');
  take({}, 'stop');

  expect([afterFirst, between, decoder.progress]).toEqual(['finished', 'open', 'finished']);
  expect(updates.flatMap(({ finishReason }) => finishReason ?? [])).toEqual(['tool_calls']);
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

const signature = { google: { thought_signature: 'c2ln' } };
const signed = { index: 0, id: 'call_1', type: 'function', function: { name: 'now', arguments: '{"zone":"UTC"}' } };
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const wholeAnswer = (message: object, finish_reason: string) =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason }] });

test.each([
  ['streamed', [chunk({ tool_calls: [{ ...signed, extra_content: signature }] }), chunk({}, 'tool_calls')], true],
  [
    'streamed behind its call',
    [chunk({ tool_calls: [signed] }), chunk({ tool_calls: [{ index: 0, extra_content: signature }] }, 'tool_calls')],
    true,
  ],
  ['whole', [wholeAnswer({ tool_calls: [{ ...signed, extra_content: signature }] }, 'tool_calls')], false],
])("a thought's signature goes back with its call, to the services that sign: %s", async (_, body, isStream) => {
  const type = { 'content-type': isStream ? 'text/event-stream' : 'application/json' };
  const said = rawReply({ headers: type, body });
  const done = rawReply({
    headers: { 'content-type': 'application/json' },
    body: wholeAnswer({ content: 'Noon.' }, 'stop'),
  });
  const execute = (): string => '12:00';
  const tools = [tool({ name: 'now', description: 'The time.', parameters: z.object({ zone: z.string() }), execute })];
  using model = mockModel(said, done, done);
  const clientOf = (service: ServiceName) =>
    new OpenAIChatCompletionsClient({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL, service });
  const agent = new Agent({ client: clientOf('gemini'), tools });
  const session = agent.createSession();

  await agent.runStreaming('Time?', { session }).finalResponse();
  const later = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await new Agent({ client: clientOf('openai'), tools }).run('And now?', { session: later });

  const sentCalls = model.requests.slice(1).map(({ body: { messages } }) => {
    const [, answer] = messages as readonly { readonly tool_calls?: readonly object[] }[];
    return answer?.tool_calls;
  });
  const { index: _index, ...call } = signed;
  expect(sentCalls).toEqual([[{ ...call, extra_content: signature }], [call]]);
});
