import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ResponsesDecoder } from '../../src/responses/answer.ts';

const context = () => ({ redact: (text: string) => text, requestId: null });
const from = { role: 'assistant', responseId: 'resp_1' } as const;

function read(...frames: readonly (object | null)[]): { updates: ChatUpdate[]; answer: ResponsesDecoder } {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  for (const frame of frames) answer.takeFrame(undefined, JSON.stringify(frame), updates);
  return { updates, answer };
}

const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } };
const delta = (text: string, rest: object = {}) => ({
  type: 'response.output_text.delta',
  item_id: 'msg_1',
  delta: text,
  ...rest,
});
const usage = { input_tokens: 14, output_tokens: 30, total_tokens: 44 };
const message = (...content: object[]) => ({ type: 'message', id: 'msg_1', role: 'assistant', content });
const said = (text: string) => message({ type: 'output_text', text, annotations: [] });

function ended(status: string, response: object = {}): object {
  return { type: `response.${status}`, response: { id: 'resp_1', status, output: [], usage: null, ...response } };
}

const text = (value: string) => chatUpdate({ ...from, messageId: 'msg_1', contents: [{ type: 'text', text: value }] });
const texts = (updates: readonly ChatUpdate[]) => updates.map((update) => update.text).filter((value) => value !== '');

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

test('events with a number that has passed are dropped', () => {
  const { updates } = read(
    { ...created, sequence_number: 0 },
    delta('a', { sequence_number: 1 }),
    delta('a', { sequence_number: 1 }),
    delta('b', { sequence_number: 2 }),
    delta('a', { sequence_number: 1 }),
    { ...ended('completed', { output: [said('ab')] }), sequence_number: 3 },
  );

  expect(texts(updates)).toEqual(['a', 'b']);
});

test('an event without a number counts, between numbered ones too', () => {
  const { updates } = read(delta('a', { sequence_number: 1 }), delta('b'), delta('c', { sequence_number: 2 }));

  expect(texts(updates)).toEqual(['a', 'b', 'c']);
});

test('a service that numbers everything 0 still gives its whole answer', () => {
  const { updates, answer } = read(delta('a', { sequence_number: 0 }), delta('b', { sequence_number: 0 }), {
    ...ended('completed', { output: [said('ab')] }),
    sequence_number: 0,
  });

  expect(texts(updates)).toEqual(['a', 'b']);
  expect(answer.progress).toBe('ended');
});

test('what was lost at the end is made up from the whole answer', () => {
  const output = [message({ type: 'output_text', text: 'abc' }, { type: 'refusal', refusal: 'No.' })];

  const { updates } = read(delta('a', { sequence_number: 1 }), {
    ...ended('completed', { output }),
    sequence_number: 5,
  });

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'text', text: 'a' },
    { type: 'text', text: 'bc' },
    { type: 'refusal', text: 'No.' },
  ]);
});

test('what was lost in mid-text cannot be made up: stream_malformed', () => {
  const lossy = [delta('a', { sequence_number: 1 }), delta('c', { sequence_number: 3 })];

  const act = () => read(...lossy, { ...ended('completed', { output: [said('abc')] }), sequence_number: 4 });

  expect(act).toThrow(expect.objectContaining({ code: 'stream_malformed' }));
});

test('a gap that lost no text is harmless, and without a gap the final text is not held against the deltas', () => {
  const gap = read(delta('ab', { sequence_number: 1 }), {
    ...ended('completed', { output: [said('ab')] }),
    sequence_number: 5,
  });
  const tidied = read(delta('ab ', { sequence_number: 1 }), {
    ...ended('completed', { output: [said('ab')] }),
    sequence_number: 2,
  });

  expect(texts(gap.updates)).toEqual(['ab']);
  expect(texts(tidied.updates)).toEqual(['ab ']);
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

test('a whole response gives the contents of all items in order, then one closing update', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  const reasoning = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'Hm.' }],
    encrypted_content: 'xyz',
  };
  const content = message({ type: 'output_text', text: 'Sure.' }, { type: 'refusal', refusal: 'But no.' });

  answer.takeWhole(
    { id: 'resp_1', status: 'completed', output: [reasoning, content, null, { type: 'x' }], usage },
    updates,
  );

  expect(updates).toEqual([
    chatUpdate({
      ...from,
      contents: [
        { type: 'text_reasoning', text: 'Hm.', id: 'rs_1', opaque: { openai_responses: { encrypted_content: 'xyz' } } },
      ],
    }),
    text('Sure.'),
    chatUpdate({ ...from, messageId: 'msg_1', contents: [{ type: 'refusal', text: 'But no.' }] }),
    chatUpdate({
      ...from,
      contents: [{ type: 'service_item', name: 'x', opaque: { openai_responses: { item: { type: 'x' } } } }],
    }),
    chatUpdate({ ...from, finishReason: 'stop', usage: { inputTokens: 14, outputTokens: 30, totalTokens: 44 } }),
  ]);
});

test('a part of a kind this client does not know is kept as it came', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  const part = { type: 'x', text: 'no', refusal: 'no' };
  const content = message(part, { type: 'output_text', text: '' }, null as never);

  answer.takeWhole({ id: 'resp_1', status: 'completed', output: [content] }, updates);

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'service_item', name: 'x', opaque: { openai_responses: { part } } },
  ]);
});

test.each([
  [{ summary: [] }, []],
  [{ content: [{ type: 'reasoning_text', text: 'Hm.' }] }, [{ type: 'text_reasoning', text: 'Hm.' }]],
  [
    { encrypted_content: 'xyz' },
    [{ type: 'text_reasoning', text: '', opaque: { openai_responses: { encrypted_content: 'xyz' } } }],
  ],
])('a reasoning item of a whole response counts when it says or keeps something: %j', (item, contents) => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];

  answer.takeWhole({ id: 'resp_1', status: 'completed', output: [{ type: 'reasoning', ...item }] }, updates);

  expect(updates.flatMap((update) => update.contents)).toEqual(contents);
});

test.each([
  [{}, 'not_a_stream'],
  [{ id: 'chatcmpl-1', choices: [] }, 'not_a_stream'],
  [{ status: 'in_progress', output: [] }, 'stream_truncated'],
  [{ status: 'failed', error: { code: 'server_error' } }, 'server_error'],
  [{ status: 'cancelled' }, 'response_failed'],
])('JSON that is not a finished response is refused: %j is %s', (body, code) => {
  const act = () => new ResponsesDecoder(context(), false).takeWhole(body, []);

  expect(act).toThrow(expect.objectContaining({ code }));
});
