// Calls in a stream of Chat Completions: chunks to fragments of calls.
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { chunk, context, from } from './answer-chunks.ts';
import { calls, finish, fragmentsOf, joined, lima, madeUp, named, oslo, read } from './call-chunks.ts';

test('every fragment names its call and is given out at once; one that says nothing new is not', () => {
  const updates = read(
    chunk({ role: 'assistant', content: null }),
    calls({ index: 0, id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '' } }),
    calls({ index: 0, function: { arguments: '{"city":' } }),
    calls({ index: 0, function: { arguments: '' } }),
    calls({ index: 0, function: { arguments: '"Oslo"}' } }),
    finish,
  );

  const call = (fragment: string) =>
    chatUpdate({
      ...from,
      contents: [{ type: 'function_call', callId: 'call_a', name: 'get_weather', arguments: fragment }],
    });
  expect(updates).toEqual([
    chatUpdate(from),
    call(''),
    call('{"city":'),
    call('"Oslo"}'),
    chatUpdate({ ...from, finishReason: 'tool_calls' }),
  ]);
});

test('arguments that come as an object are their text, and not no arguments', () => {
  const [call] = joined(calls({ index: 0, id: 'call_a', function: { ...named, arguments: { city: 'Oslo' } } }), finish);

  expect(call?.args).toBe('{"city":"Oslo"}');
});

test('text and calls of one delta come in that order', () => {
  const updates = read(chunk({ content: 'Checking.', tool_calls: [{ index: 0, id: 'call_a', function: oslo }] }));

  expect(updates.flatMap((update) => update.contents.map((content) => content.type))).toEqual([
    'text',
    'function_call',
  ]);
});

test.each([
  ['no list', { tool_calls: 'x' }],
  ['null', { tool_calls: null }],
  ['nothing in it', { tool_calls: [] }],
  ['something else in it', { tool_calls: [null, 7, 'x', []] }],
])('tool calls that are %s say nothing', (_, delta) => {
  expect(fragmentsOf(read(chunk(delta)))).toEqual([]);
});

test('hostile names and places touch no prototype', () => {
  const frame = `{"choices":[{"delta":{"tool_calls":[{"index":"__proto__","id":"__proto__","function":{"name":"__proto__","arguments":{"__proto__":{"polluted":1}}}}]}}]}`;

  expect(joined(frame)).toEqual([{ callId: '__proto__', name: '__proto__', args: '{"__proto__":{"polluted":1}}' }]);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('an answer has at most 128 calls', () => {
  const entry = (id: number) => calls({ index: 0, id: `call_${id}`, function: oslo });
  const some = Array.from({ length: 128 }, (_, id) => entry(id));

  expect(joined(...some)).toHaveLength(128);
  expect(() => read(...some, entry(128))).toThrow(expect.objectContaining({ code: 'stream_malformed' }));
});

test.each([
  ['before its arguments', ''],
  ['within them', '{"city":"Os'],
])('[DONE] alone does not prove a call whole that stops %s', (_, args) => {
  const frames = [calls({ index: 0, id: 'call_a', function: { ...named, arguments: args } }), '[DONE]'];

  expect(() => read(...frames)).toThrow(expect.objectContaining({ code: 'stream_truncated' }));
});

test('[DONE] ends calls that are whole, or of which the service says that it made them', () => {
  const [whole] = joined(calls({ index: 0, id: 'call_a', function: oslo }), '[DONE]');
  const [bare] = joined(calls({ index: 0, id: 'call_a', function: named }), finish, '[DONE]');

  expect(whole?.args).toBe(oslo.arguments);
  expect(bare?.args).toBe('');
});

test('a whole completion gives its text, then its calls, each one whole', () => {
  const answer = new ChatDecoder(context());
  const updates: ChatUpdate[] = [];
  const tool_calls = [
    { id: 'call_a', type: 'function', function: oslo },
    { type: 'function', function: oslo },
    { id: 'call_a', type: 'function', function: lima },
    null,
  ];

  answer.takeWhole(
    {
      id: 'chatcmpl-1',
      choices: [{ index: 0, message: { content: 'Checking.', tool_calls }, finish_reason: 'tool_calls' }],
    },
    updates,
  );

  const call = (callId: string, args: string) => ({ type: 'function_call', callId, ...named, arguments: args });
  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'text', text: 'Checking.' },
    call('call_a', oslo.arguments),
    call(madeUp, oslo.arguments),
    call(madeUp, lima.arguments),
  ]);
  expect(updates.at(-1)?.finishReason).toBe('tool_calls');
});
