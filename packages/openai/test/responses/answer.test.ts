// The stream of one answer of the Responses API: frames to updates.
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ResponsesDecoder } from '../../src/responses/answer.ts';
import { context, created, delta, ended, from, message, read, said, text, texts, usage } from './answer-frames.ts';

test('text comes from the deltas only; what repeats it adds nothing', () => {
  const { updates, answer } = read(
    created,
    { type: 'response.in_progress', response: { id: 'resp_1' } },
    { type: 'response.output_item.added', item: message() },
    { type: 'response.content_part.added', item_id: 'msg_1', part: { type: 'output_text', text: '' } },
    delta('Rust '),
    delta('is fast.'),
    { type: 'response.output_text.done', item_id: 'msg_1', text: 'Rust is fast.' },
    { type: 'response.content_part.done', item_id: 'msg_1', part: { type: 'output_text', text: 'Rust is fast.' } },
    { type: 'response.output_item.done', item: said('Rust is fast.') },
    ended('completed', { output: [said('Rust is fast.')], usage }),
  );

  expect(updates).toEqual([
    chatUpdate(from),
    text('Rust '),
    text('is fast.'),
    chatUpdate({ ...from, finishReason: 'stop', usage: { inputTokens: 14, outputTokens: 30, totalTokens: 44 } }),
  ]);
  expect(answer.progress).toBe('ended');
});

test('every update has its fields in the order of chatUpdate, so that all share one hidden class', () => {
  const { updates } = read(created, delta('Hi'), ended('completed'));

  for (const update of updates) expect(Object.keys(update)).toEqual(Object.keys(chatUpdate({})));
});

test('cached and reasoning tokens are part of the usage', () => {
  const details = { input_tokens_details: { cached_tokens: 3 }, output_tokens_details: { reasoning_tokens: 24 } };

  const { updates } = read(ended('completed', { usage: { ...usage, ...details } }));

  expect(updates.at(-1)?.usage).toEqual({
    inputTokens: 14,
    outputTokens: 30,
    totalTokens: 44,
    cachedInputTokens: 3,
    reasoningTokens: 24,
  });
});

test.each([
  ['summary', 'response.reasoning_summary_text'],
  ['text', 'response.reasoning_text'],
])('reasoning %s is text_reasoning contents, kept apart from the text, with what the service wants back', (_, type) => {
  const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xyz' };

  const { updates } = read(
    created,
    { type: `${type}.delta`, item_id: 'rs_1', delta: 'Weighing ' },
    { type: `${type}.delta`, item_id: 'rs_1', delta: 'options.' },
    { type: `${type}.done`, item_id: 'rs_1', text: 'Weighing options.' },
    { type: 'response.output_item.done', item },
    delta('The train.'),
  );

  expect(updates).toEqual([
    chatUpdate(from),
    chatUpdate({ ...from, contents: [{ type: 'text_reasoning', text: 'Weighing ', id: 'rs_1' }] }),
    chatUpdate({ ...from, contents: [{ type: 'text_reasoning', text: 'options.', id: 'rs_1' }] }),
    chatUpdate({
      ...from,
      contents: [
        { type: 'text_reasoning', text: '', id: 'rs_1', opaque: { openai_responses: { encrypted_content: 'xyz' } } },
      ],
    }),
    text('The train.'),
  ]);
});

test('reasoning whose deltas name no item has no id', () => {
  const { updates } = read({ type: 'response.reasoning_text.delta', delta: 'Hm.' });

  expect(updates[0]?.contents).toStrictEqual([{ type: 'text_reasoning', text: 'Hm.' }]);
});

test('a streamed refusal is refusal contents', () => {
  const { updates } = read(
    { type: 'response.refusal.delta', item_id: 'msg_1', delta: 'Sorry' },
    { type: 'response.refusal.delta', item_id: 'msg_1', delta: ', no.' },
    { type: 'response.refusal.done', item_id: 'msg_1', refusal: 'Sorry, no.' },
  );

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'refusal', text: 'Sorry' },
    { type: 'refusal', text: ', no.' },
  ]);
  expect(texts(updates)).toEqual(['Sorry', ', no.']);
});

test.each([
  ['response.output_text.done', { text: 'All.' }, { type: 'text', text: 'All.' }],
  ['response.refusal.done', { refusal: 'No.' }, { type: 'refusal', text: 'No.' }],
  ['response.reasoning_text.done', { text: 'Hm.' }, { type: 'text_reasoning', text: 'Hm.', id: 'x_2' }],
])('%s counts when its item had no delta', (type, fields, content) => {
  const { updates } = read({ type, item_id: 'x_2', ...fields });

  expect(updates.flatMap((update) => update.contents)).toEqual([content]);
});

test('a done event counts nothing twice when the deltas did not name their item, or it does not itself', () => {
  const unnamedDelta = { type: 'response.output_text.delta', delta: 'Hi' };
  const unnamedDone = { type: 'response.output_text.done', text: 'Hi' };

  const first = read(unnamedDelta, { ...unnamedDone, item_id: 'msg_1' });
  const second = read(delta('Hi'), unnamedDone);

  expect(texts(first.updates)).toEqual(['Hi']);
  expect(texts(second.updates)).toEqual(['Hi']);
});

test('items are told apart: what one said in deltas is not taken for what another said', () => {
  const { updates } = read(
    delta('a', { item_id: 'msg_1' }),
    delta('b', { item_id: 'msg_2' }),
    { type: 'response.output_text.done', item_id: 'msg_1', text: 'a' },
    { type: 'response.output_text.done', item_id: 'msg_2', text: 'b' },
    { type: 'response.output_text.done', item_id: 'msg_3', text: 'c' },
  );

  expect(updates.map((update) => [update.messageId, update.text])).toEqual([
    ['msg_1', 'a'],
    ['msg_2', 'b'],
    ['msg_3', 'c'],
  ]);
});

test('an answer whose text never came as deltas is taken from the end', () => {
  const { updates } = read(created, ended('completed', { output: [said('Whole.')] }));

  expect(texts(updates)).toEqual(['Whole.']);
});

test('a stream that begins without `response.created` takes its id from the end, where the conversation goes on', () => {
  const answer = new ResponsesDecoder(context(), true);
  const updates: ChatUpdate[] = [];

  for (const frame of [delta('Hi'), ended('completed')]) answer.takeFrame(undefined, JSON.stringify(frame), updates);

  expect(updates.map(({ responseId, conversationId }) => [responseId, conversationId])).toEqual([
    [null, null],
    ['resp_1', 'resp_1'],
  ]);
});

test.each([
  ['max_output_tokens', 'length'],
  ['content_filter', 'content_filter'],
  ['a reason of tomorrow', 'length'],
  [undefined, 'length'],
])('an answer that is incomplete for %s finishes with %s', (reason, finishReason) => {
  const { updates } = read(delta('Once'), ended('incomplete', { incomplete_details: { reason } }));

  expect(updates.at(-1)?.finishReason).toBe(finishReason);
});

test.each([
  [
    'failed, with a known code',
    ended('failed', { error: { code: 'rate_limit_exceeded', message: 'x' } }),
    'rate_limited',
  ],
  ['failed, with an unknown code', ended('failed', { error: { code: 'strange', message: 'x' } }), 'response_failed'],
  ['failed without an error', ended('failed', { error: null }), 'response_failed'],
  ['cancelled', ended('cancelled'), 'response_failed'],
  ['an error, flat', { type: 'error', code: 'server_error', message: 'x' }, 'server_error'],
  ['an error, nested', { type: 'error', error: { code: 'context_length_exceeded' } }, 'context_length'],
  ['an error, bare', { error: { code: 'content_filter' } }, 'content_filter'],
])('%s throws', (_, frame, code) => {
  const act = () => read(created, delta('Hi'), frame);

  expect(act).toThrow(expect.objectContaining({ name: 'AgentError', code }));
});

test('a failed response says code, message and advice', () => {
  const act = () => read(ended('failed', { error: { code: 'server_error', message: 'An internal problem.' } }));

  expect(act).toThrow('The service reported a failure (server_error): An internal problem. Ask again later.');
});

test.each([
  ['its own conversation', { conversation: { id: 'conv_1' } }, 'conv_1'],
  ['the response', {}, 'resp_1'],
  ['the response, named at the start', { id: undefined }, 'resp_1'],
])('a service that keeps the conversation keeps it under %s', (_, fields, conversationId) => {
  const answer = new ResponsesDecoder(context(), true);
  const updates: ChatUpdate[] = [];

  for (const frame of [created, ended('completed', fields)])
    answer.takeFrame(undefined, JSON.stringify(frame), updates);

  expect(updates.map((update) => update.conversationId)).toEqual([null, conversationId]);
});

test.each([
  ['an unknown event', { type: 'response.surprise', delta: 'x' }],
  ['no type', { delta: 'x' }],
  ['a delta that is a number', { type: 'response.output_text.delta', delta: 7 }],
  ['no delta', { type: 'response.output_text.delta' }],
  ['an item that is null', { type: 'response.output_item.done', item: null }],
  ['null', null],
  ['a list', [1]],
  ['hostile numbers', { type: 'response.surprise', sequence_number: -1e308, output_index: 1e308 }],
])('a frame with %s says nothing', (_, frame) => {
  const { updates, answer } = read(frame);

  expect(updates).toEqual([]);
  expect(answer.progress).toBe('open');
});

test('[DONE] proves nothing on this API, and an end without a response is an end', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];

  answer.takeFrame(undefined, '[DONE]', updates);
  const before = answer.progress;
  answer.takeFrame(undefined, '{"type":"response.completed"}', updates);

  expect(before).toBe('open');
  expect(answer.progress).toBe('ended');
});

test('the name of the event stands in for a missing type', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];

  answer.takeFrame('response.output_text.delta', '{"delta":"Hi"}', updates);

  expect(texts(updates)).toEqual(['Hi']);
});
