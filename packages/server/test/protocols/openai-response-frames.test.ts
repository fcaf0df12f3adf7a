// Every byte that clients of /v1/responses read: events, responses, errors.
import { chatUpdate } from '@turnstream/core/seams';
import { background, reply, resetAfter } from '@turnstream/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { framesOf, openRig, type Rig } from '../app-rig.ts';
import { type Json, json } from './openai-json.ts';
import { itemIdOf, numbered, plainResponse, type Row, richOutput, richRows, said } from './openai-response-items.ts';
import { openRich } from './openai-rich-answer.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_999 }));
afterEach(() => void vi.useRealTimers());

const look = { type: 'function', name: 'look', parameters: {} };
const asking = { model: 'agent', input: 'Where is it?', tools: [look] };
const usage = {
  input_tokens: 130,
  output_tokens: 50,
  total_tokens: 180,
  input_tokens_details: { cached_tokens: 90 },
  output_tokens_details: { reasoning_tokens: 9 },
};

test('a rich answer is a stream of events about its items', async () => {
  await using rig = await openRich({ tools: 'shown' });

  const all = await framesOf(await rig.post('/v1/responses', { ...asking, stream: true }));

  const { id } = all[0]!.data['response'] as { id: string };
  const begun = { ...plainResponse, id, status: 'in_progress' };
  const rows: readonly Row[] = [
    ['created', { response: begun }],
    ['in_progress', { response: begun }],
    ...richRows(id),
    ['completed', { response: { ...plainResponse, id, output: richOutput(id), usage } }],
  ];
  expect(id).toEqual(plainResponse.id);
  expect(all).toEqual(numbered(rows));
});

test('a rich answer that is not streamed is the response of the last event, and is read again later without usage', async () => {
  await using rig = await openRich({ tools: 'shown' });

  const whole = await json(rig.post('/v1/responses', asking));
  vi.setSystemTime(1_700_000_060_000);
  const again = await json(rig.get(`/v1/responses/${whole.id}`));

  expect(whole).toEqual({ ...plainResponse, output: richOutput(whole.id), usage });
  expect(again).toEqual({ ...whole, usage: null });
});

test('an answer that was cut short is incomplete, with the reason until it is read again, and so is its item', async () => {
  const cutBy = (finishReason: 'length' | 'content_filter') => reply('Wei', { finishReason, usage: null });
  await using rig = await openRig({ openai: {}, steps: [cutBy('length'), cutBy('content_filter')] });

  const short = await framesOf(await rig.post('/v1/responses', { ...asking, stream: true }));
  const filtered = await json(rig.post('/v1/responses', { ...asking, store: false }));
  const again = await json(rig.get(`/v1/responses/${(short[0]!.data['response'] as Json).id}`));

  const item = expect.objectContaining({ status: 'incomplete' });
  const cut = { ...plainResponse, status: 'incomplete', output: [item] };
  expect(short.at(-2)?.data).toMatchObject({ type: 'response.output_item.done', item });
  expect(again).toEqual({ ...cut, id: again.id });
  expect(short.at(-1)).toEqual({
    id: undefined,
    event: 'response.incomplete',
    data: {
      type: 'response.incomplete',
      sequence_number: 8,
      response: { ...cut, incomplete_details: { reason: 'max_output_tokens' } },
    },
  });
  expect(filtered).toEqual({
    ...cut,
    id: expect.stringMatching(/^resp_[0-9a-f]{32}$/),
    store: false,
    incomplete_details: { reason: 'content_filter' },
  });
});

test('an answer that breaks off ends with an error, and with the failed response', async () => {
  const broken = reply(['Once ', 'upon'], { fault: resetAfter({ chunks: 1 }) });
  await using rig = await openRig({ openai: {}, steps: [broken] });

  const all = await framesOf(await rig.post('/v1/responses', { ...asking, stream: true }));

  const message = 'The stream stopped before the answer was finished. Ask again.';
  const item = { type: 'message', id: expect.stringMatching(/^msg_/), status: 'incomplete', role: 'assistant' };
  const output = [{ ...item, content: [{ type: 'output_text', text: 'Once ', annotations: [], logprobs: [] }] }];
  expect(all.slice(-2)).toEqual([
    {
      id: undefined,
      event: 'error',
      data: { type: 'error', code: 'stream_truncated', message, param: null, sequence_number: 5 },
    },
    {
      id: undefined,
      event: 'response.failed',
      data: {
        type: 'response.failed',
        response: { ...plainResponse, status: 'failed', output, error: { code: 'stream_truncated', message } },
        sequence_number: 6,
      },
    },
  ]);
});

test('each message of the model is one item, even if a citation comes late, and tokens not counted are left out', async () => {
  async function* send() {
    yield chatUpdate({ contents: [{ type: 'text', text: 'Look' }], messageId: 'a' });
    yield chatUpdate({ messageId: 'b' });
    yield chatUpdate({ contents: [{ type: 'text', text: 'ing.' }] });
    yield chatUpdate({ contents: [{ type: 'text', text: 'Blue' }], messageId: 'b' });
    yield chatUpdate({ contents: [{ type: 'text', text: '', annotations: [{ type: 'citation' }] }], messageId: 'a' });
    yield chatUpdate({ contents: [{ type: 'text', text: '.' }], messageId: 'b' });
    yield chatUpdate({ finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } });
  }
  await using rig = await openRig({ openai: {}, agent: { client: { send } } });

  const streamed = await framesOf(await rig.post('/v1/responses', { ...asking, stream: true }));
  const whole = await json(rig.post('/v1/responses', asking));

  const outputOf = ({ id }: Json): readonly object[] =>
    ['Looking.', 'Blue.'].map((text, index) => ({
      id: itemIdOf(id, 'msg', index),
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [said(text)],
    }));
  const last = streamed.at(-1)!.data['response'] as Json;
  const counted = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  for (const each of [last, whole]) expect(each).toEqual({ ...plainResponse, output: outputOf(each), usage: counted });
  expect((await json(rig.get(`/v1/responses/${last.id}`))).output).toEqual(last.output);
});

test.each([
  ['created as a conversation', async (rig: Rig) => (await json(rig.post('/v1/conversations'))).id],
  [
    'created as a session',
    async ({ store }: Rig) => `conv_${(await store.runs.createSession({ owner: 'local', maxSessions: 9 })).sessionId}`,
  ],
])(
  'every reading of a stored response names its conversation, %s, and only the first one names the previous response',
  async (_, make) => {
    const steps = [reply('Hi.'), reply('Ann.'), reply('Hi.'), background(reply('Hi.')), reply('Hi.')];
    await using rig = await openRig({ openai: {}, steps });
    const conversation = await make(rig);

    const first = await json(rig.post('/v1/responses', asking));
    const second = await json(rig.post('/v1/responses', { ...asking, previous_response_id: first.id }));
    const third = await json(rig.post('/v1/responses', { ...asking, conversation }));
    const later = await json(rig.post('/v1/responses', { ...asking, conversation, background: true }));
    const unstored = await json(rig.post('/v1/responses', { ...asking, conversation, store: false }));
    const path = `/v1/responses/${later.id}`;
    const followed = await framesOf(await rig.get(`${path}?stream=true`));
    const cancelled = await json(rig.post(`${path}/cancel`));
    const again = await Promise.all([second, third, later].map(({ id }) => json(rig.get(`/v1/responses/${id}`))));

    const end = followed.at(-1)!.data['response'] as Json;
    const headOf = ({ previous_response_id: previous, conversation: of }: Json): object => [previous, of];
    const inConversation = [null, { id: conversation }];
    expect([first, second, third, unstored].map(headOf)).toEqual([
      [null, null],
      [first.id, null],
      inConversation,
      [null, null],
    ]);
    expect([later, end, cancelled].map(headOf)).toEqual([inConversation, inConversation, inConversation]);
    expect(again.map(headOf)).toEqual([[null, null], inConversation, inConversation]);
  },
);
