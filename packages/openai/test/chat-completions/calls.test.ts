import type { FunctionCallContent } from '@turnstream/core';
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';

const context = () => ({ redact: (text: string) => text, requestId: null });
const from = { role: 'assistant', responseId: 'chatcmpl-1' } as const;
const madeUp = expect.stringMatching(/^call_[0-9a-f]{32}$/);

function chunk(delta: unknown, finish_reason: string | null = null): object {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] };
}

/** A delta of tool calls. */
const calls = (...entries: unknown[]) => chunk({ tool_calls: entries });
const finish = chunk({}, 'tool_calls');

function read(...frames: readonly (object | string)[]): ChatUpdate[] {
  const answer = new ChatDecoder(context());
  const updates: ChatUpdate[] = [];
  for (const frame of frames) {
    answer.takeFrame(undefined, typeof frame === 'string' ? frame : JSON.stringify(frame), updates);
  }
  return updates;
}

function fragmentsOf(updates: readonly ChatUpdate[]): FunctionCallContent[] {
  return updates.flatMap((update) => update.contents).filter((content) => content.type === 'function_call');
}

/** The calls, with fragments joined by call id. */
function joined(...frames: readonly (object | string)[]): { callId: string; name: string; args: string }[] {
  const whole = new Map<string, { callId: string; name: string; args: string }>();
  for (const { callId, name, arguments: args } of fragmentsOf(read(...frames))) {
    const call = whole.get(callId) ?? { callId, name: '', args: '' };
    whole.set(callId, { callId, name: call.name || name, args: call.args + args });
  }
  return [...whole.values()];
}

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

test('calls that come interleaved are joined by index', () => {
  const whole = joined(
    calls({ index: 0, id: 'call_a', function: { name: 'get_weather', arguments: '' } }),
    calls({ index: 1, id: 'call_b', function: { name: 'get_weather', arguments: '' } }),
    calls({ index: 0, function: { arguments: '{"city":' } }),
    calls({ index: 1, function: { arguments: '{"city":' } }),
    calls({ index: 0, function: { arguments: '"Oslo"}' } }, { index: 1, function: { arguments: '"Lima"}' } }),
    finish,
  );

  expect(whole).toEqual([
    { callId: 'call_a', name: 'get_weather', args: '{"city":"Oslo"}' },
    { callId: 'call_b', name: 'get_weather', args: '{"city":"Lima"}' },
  ]);
});

const oslo = { name: 'get_weather', arguments: '{"city":"Oslo"}' };
const lima = { name: 'get_weather', arguments: '{"city":"Lima"}' };
const both = [oslo.arguments, lima.arguments];

test.each([
  [
    'all at index 0, told apart by id',
    [
      { index: 0, id: 'a', function: oslo },
      { index: 0, id: 'b', function: lima },
    ],
  ],
  [
    'all at index 0, without ids',
    [
      { index: 0, function: oslo },
      { index: 0, function: lima },
    ],
  ],
  [
    'all at index 0, with empty ids',
    [
      { index: 0, id: '', function: oslo },
      { index: 0, id: '', function: lima },
    ],
  ],
  [
    'without indexes, told apart by id',
    [
      { id: 'a', function: oslo },
      { id: 'b', function: lima },
    ],
  ],
  ['without indexes and ids', [{ function: oslo }, { function: lima }]],
  [
    'with indexes, without ids',
    [
      { index: 0, function: oslo },
      { index: 1, function: lima },
    ],
  ],
  [
    'with one id for both',
    [
      { index: 0, id: 'a', function: oslo },
      { index: 1, id: 'a', function: lima },
    ],
  ],
  [
    'from index 1',
    [
      { index: 1, id: 'a', function: oslo },
      { index: 2, id: 'b', function: lima },
    ],
  ],
  [
    'backwards',
    [
      { index: 1, id: 'a', function: oslo },
      { index: 0, id: 'b', function: lima },
    ],
  ],
  [
    'at no places',
    [
      { index: -1, id: 'a', function: oslo },
      { index: 1e300, id: 'b', function: lima },
    ],
  ],
  [
    'at texts for places',
    [
      { index: '0', id: 'a', function: oslo },
      { index: '0', id: 'b', function: lima },
    ],
  ],
])('two calls %s stay two', (_, [first, second]) => {
  const apart = joined(calls(first), calls(second), finish);
  const together = joined(calls(first, second), finish);

  for (const whole of [apart, together]) {
    expect(whole.map(({ args }) => args)).toEqual(both);
    expect(new Set(whole.map(({ callId }) => callId)).size).toBe(2);
  }
});

test('without ids and indexes a call begins with its name, and a name that is only repeated begins none', () => {
  const part = (name: string | undefined, args: string) => calls({ function: { name, arguments: args } });

  const two = joined(part('get_weather', ''), part(undefined, both[0]!), part('get_weather', ''), part('', both[1]!));
  const one = joined(part('get_weather', '{"city":'), part('get_weather', '"Oslo"}'), part('get_weather', ''), finish);

  expect(two.map(({ args }) => args)).toEqual(both);
  expect(one.map(({ args }) => args)).toEqual([both[0]]);
});

test.each([
  ['without an index', {}],
  ['at no place', { index: 128 }],
  ['at a place between two', { index: 0.5 }],
  ['with its id again', { index: 0, id: 'call_a' }],
  ['with an empty id', { index: 0, id: '' }],
])('a later fragment %s belongs to the call under way', (_, marks) => {
  const whole = joined(
    calls({ index: 0, id: 'call_a', function: { name: 'get_weather', arguments: '{"city":' } }),
    calls({ ...marks, function: { name: '', arguments: '"Oslo"}' } }),
    finish,
  );

  expect(whole).toEqual([{ callId: 'call_a', name: 'get_weather', args: '{"city":"Oslo"}' }]);
});

test('calls at index 0 that take turns are told apart by their ids', () => {
  const whole = joined(
    calls({ index: 0, id: 'a', function: { name: 'get_weather', arguments: '{"city":' } }),
    calls({ index: 0, id: 'b', function: { name: 'get_weather', arguments: '{"city":' } }),
    calls({ index: 0, id: 'a', function: { arguments: '"Oslo"}' } }),
    calls({ index: 0, id: 'b', function: { arguments: '"Lima"}' } }),
  );

  expect(whole.map(({ args }) => args)).toEqual(both);
});

test('a call without an id gets one, and keeps it when the id comes late', () => {
  const [call, ...others] = joined(
    calls({ index: 0, function: { name: 'get_weather', arguments: '{"city":' } }),
    calls({ index: 0, id: 'late', function: { arguments: '"Os' } }),
    calls({ index: 0, id: 'late', function: { arguments: 'lo"}' } }),
    finish,
  );

  expect(others).toEqual([]);
  expect(call).toEqual({ callId: madeUp, name: 'get_weather', args: '{"city":"Oslo"}' });
});

test('a name that comes late is given out when it comes, and the fragments before it have none', () => {
  const updates = read(
    calls({ index: 0, id: 'call_a', function: { arguments: '{' } }),
    calls({ index: 0, function: { arguments: '}' } }),
    calls({ index: 0, function: { name: 'get_weather' } }),
    finish,
  );

  expect(fragmentsOf(updates).map(({ name, arguments: args }) => [name, args])).toEqual([
    ['', '{'],
    ['', '}'],
    ['get_weather', ''],
  ]);
});

test('a name that never comes leaves a call without one', () => {
  expect(joined(calls({ index: 0, id: 'call_a', function: { arguments: '{}' } }), finish)).toEqual([
    { callId: 'call_a', name: '', args: '{}' },
  ]);
});

test('a whole call that is sent once more adds nothing', () => {
  const entry = { index: 0, id: 'call_a', function: oslo };

  expect(joined(calls(entry), calls(entry), finish)).toEqual([{ callId: 'call_a', ...named, args: oslo.arguments }]);
});

const named = { name: 'get_weather' };

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
