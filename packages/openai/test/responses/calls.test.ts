// Calls in a Responses stream: frames to fragments of calls.
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ResponsesDecoder } from '../../src/responses/answer.ts';
import {
  added,
  argumentsDone,
  call,
  callA,
  completed,
  context,
  created,
  delta,
  fragmentsOf,
  from,
  item,
  itemDone,
  lima,
  madeUp,
  oslo,
  read,
} from './call-frames.ts';

test('a call is its deltas, each named in full; what repeats them adds nothing', () => {
  const updates = read(
    created,
    { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'Checking.' },
    ...callA,
    completed({ type: 'message', id: 'msg_1' }, item('a', oslo)),
  );

  expect(updates).toEqual([
    chatUpdate(from),
    chatUpdate({ ...from, messageId: 'msg_1', contents: [{ type: 'text', text: 'Checking.' }] }),
    chatUpdate({ ...from, contents: [call('call_a', '{"city":')] }),
    chatUpdate({ ...from, contents: [call('call_a', '"Oslo"}')] }),
    chatUpdate({ ...from, finishReason: 'tool_calls' }),
  ]);
});

test('calls that come interleaved are joined by their items', () => {
  const updates = read(
    created,
    added('a', 0),
    added('b', 1),
    delta('a', 0, '{"city":'),
    delta('b', 1, '{"city":'),
    delta('a', 0, '"Oslo"}'),
    delta('b', 1, '"Lima"}'),
    itemDone('a', 0, oslo),
    itemDone('b', 1, lima),
    completed(item('a', oslo), item('b', lima)),
  );

  expect(fragmentsOf(updates)).toEqual([
    call('call_a', '{"city":'),
    call('call_b', '{"city":'),
    call('call_a', '"Oslo"}'),
    call('call_b', '"Lima"}'),
  ]);
});

test.each([
  ['arguments.done', [added('a', 0), argumentsDone('a', 0, oslo), itemDone('a', 0, oslo), completed(item('a', oslo))]],
  ['output_item.done', [added('a', 0), itemDone('a', 0, oslo), completed(item('a', oslo))]],
  ['output_item.done alone', [itemDone('a', 0, oslo), completed(item('a', oslo))]],
  ['an item that never began', [delta('a', 0, oslo), argumentsDone('a', 0, oslo), itemDone('a', 0, oslo), completed()]],
  ['the response', [added('a', 0), completed(item('a', oslo))]],
  ['the response alone', [completed(item('a', oslo))]],
  [
    'an empty arguments.done, then the item',
    [added('a', 0), argumentsDone('a', 0, ''), itemDone('a', 0, oslo), completed()],
  ],
  ['arguments as an object', [added('a', 0), itemDone('a', 0, oslo, { arguments: { city: 'Oslo' } }), completed()]],
])('arguments that come in no delta but with %s are given out once', (_, frames) => {
  const updates = read(created, ...frames);

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo)]);
  expect(updates.at(-1)?.finishReason).toBe('tool_calls');
});

test.each([
  ['a delta, then deltas', [delta('a', 0, '{}'), delta('a', 0, '{"city":'), delta('a', 0, '"Oslo"}')]],
  ['a delta, then the whole', [delta('a', 0, '{}'), argumentsDone('a', 0, oslo)]],
  ['a delta, then the item', [delta('a', 0, ' {} '), itemDone('a', 0, oslo)]],
  ['arguments.done, then the item', [argumentsDone('a', 0, '{}'), itemDone('a', 0, oslo)]],
  ['arguments.done, then deltas', [argumentsDone('a', 0, '{}'), delta('a', 0, oslo), argumentsDone('a', 0, oslo)]],
  ['the item, then the response', [itemDone('a', 0, '{}')]],
  ['the added item', [{ ...added('a', 0), item: item('a', '{}') }]],
])('arguments of {} in %s that brings other arguments are replaced by those: streamed', (_, frames) => {
  const updates = read(created, added('a', 0), ...frames, completed(item('a', oslo)));

  const args = fragmentsOf(updates).map((fragment) => fragment.arguments);
  expect(args.join('')).toBe(oslo);
  expect(new Set(fragmentsOf(updates).map(({ callId, name }) => `${callId} ${name}`))).toEqual(
    new Set(['call_a get_weather']),
  );
});

test.each([
  ['a delta', [delta('a', 0, '{}')]],
  ['every event', [delta('a', 0, '{}'), argumentsDone('a', 0, '{}'), itemDone('a', 0, '{}')]],
  ['the item', [itemDone('a', 0, '{ }')]],
  ['an object', [itemDone('a', 0, '', { arguments: {} })]],
])('arguments of {} in %s with no others after them are the arguments', (_, frames) => {
  const updates = read(created, added('a', 0), ...frames, completed());

  expect(fragmentsOf(updates).map((fragment) => fragment.arguments)).toEqual(['', '{}']);
});

test('arguments of {} in a whole response are the arguments, unless the call is repeated with others', () => {
  const updates: ChatUpdate[] = [];
  const output = [item('a', '{}'), item('b', '{}'), item('b', lima), item('c', '')];

  new ResponsesDecoder(context(), false).takeWhole({ status: 'completed', output }, updates);

  const given: Record<string, string> = {};
  for (const { callId, arguments: args } of fragmentsOf(updates)) given[callId] = (given[callId] ?? '') + args;
  expect(given).toEqual({ call_a: '{}', call_b: lima, call_c: '' });
});

test('a call without arguments is given out once, when the answer has ended', () => {
  const updates = read(
    created,
    added('a', 0),
    argumentsDone('a', 0, ''),
    itemDone('a', 0, ''),
    completed(item('a', '')),
  );

  expect(fragmentsOf(updates)).toEqual([call('call_a', '')]);
});

test.each([
  ['new ids for every event', [delta('x', 0, '{"city":'), delta('y', 0, '"Oslo"}'), argumentsDone('z', 0, oslo)]],
  ['ids alone', [{ ...delta('a', 0, oslo), output_index: undefined }]],
  ['places alone', [{ ...delta('a', 0, oslo), item_id: undefined }]],
  ['hostile places', [{ ...delta('a', 0, oslo), output_index: -1e308 }]],
])('fragments with %s find their call', (_, fragments) => {
  const updates = read(created, added('a', 0), added('b', 1), ...fragments);

  const given = fragmentsOf(updates);
  expect(given.map(({ callId }) => callId)).toEqual(given.map(() => 'call_a'));
  expect(given.map((content) => content.arguments).join('')).toBe(oslo);
});

test.each([
  ['one item id for both', { id: 'fc' }, { item_id: 'fc' }],
  ['no item ids', { id: undefined }, { item_id: undefined }],
])('two calls with %s stay two', (_, ids, at) => {
  const updates = read(
    created,
    added('a', 0, ids),
    added('b', 1, ids),
    { ...delta('a', 0, oslo), ...at },
    { ...delta('b', 1, lima), ...at },
    completed(item('a', oslo, ids), item('b', lima, ids)),
  );

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo), call('call_b', lima)]);
});

test.each([
  ['incomplete', { incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
  ['incomplete', { incomplete_details: { reason: 'content_filter' } }, 'content_filter'],
  ['completed', {}, 'tool_calls'],
])('an answer with calls that is %s finishes with its own reason: %j', (status, rest, finishReason) => {
  const end = { type: `response.${status}`, response: { id: 'resp_1', status, output: [], ...rest } };

  const updates = read(created, ...callA, end);

  expect(updates.at(-1)?.finishReason).toBe(finishReason);
});

test('encrypted reasoning comes in front of the call it led to', () => {
  const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xyz' };

  const updates = read(
    created,
    { type: 'response.output_item.done', output_index: 0, item: reasoning },
    ...callA,
    completed(reasoning, item('a', oslo)),
  );

  expect(updates.flatMap((update) => update.contents).map((content) => content.type)).toEqual([
    'text_reasoning',
    'function_call',
    'function_call',
  ]);
});

test('an answer has at most 128 calls', () => {
  const items = Array.from({ length: 129 }, (_, index) => itemDone(String(index), index, oslo));

  expect(fragmentsOf(read(...items.slice(0, 128)))).toHaveLength(128);
  expect(() => read(...items)).toThrow(
    expect.objectContaining({
      code: 'stream_malformed',
      message: 'The answer holds more than 128 tool calls. Ask again.',
    }),
  );
});

test('a whole response gives texts and calls in its order, each call once', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xyz' };
  const said = { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: 'And one more.' }] };
  const output = [
    reasoning,
    item('a', oslo),
    null,
    said,
    item('b', ''),
    item('a', lima),
    item('c', lima, { call_id: null }),
  ];

  answer.takeWhole({ id: 'resp_1', status: 'completed', output }, updates);

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'text_reasoning', text: '', id: 'rs_1', opaque: { openai_responses: { encrypted_content: 'xyz' } } },
    call('call_a', oslo),
    { type: 'text', text: 'And one more.' },
    call('call_b', ''),
    { ...call('', lima), callId: madeUp },
  ]);
  expect(updates.at(-1)?.finishReason).toBe('tool_calls');
});
