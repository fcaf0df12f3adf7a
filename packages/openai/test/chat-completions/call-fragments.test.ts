// Which call a fragment belongs to, whatever ids and indexes a server writes.
import { expect, test } from 'vitest';
import { calls, finish, fragmentsOf, joined, lima, madeUp, named, oslo, read } from './call-chunks.ts';

const both = [oslo.arguments, lima.arguments];

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

test('two calls of one name without ids or indexes stay two, although neither has arguments', () => {
  const entry = { function: { ...named, arguments: '{}' } };

  const whole = joined(calls(entry), calls(entry), finish);

  expect(whole.map(({ name, args }) => [name, args])).toEqual([
    ['get_weather', '{}'],
    ['get_weather', '{}'],
  ]);
});

test('a call of another name is one, although it says no arguments', () => {
  const whole = joined(calls({ function: oslo }), calls({ function: { name: 'now' } }), finish);

  expect(whole.map(({ name, args }) => [name, args])).toEqual([
    ['get_weather', oslo.arguments],
    ['now', ''],
  ]);
});

test('a call without arguments is whole at [DONE], also without a finish reason', () => {
  const whole = joined(calls({ index: 0, id: 'call_a', function: { ...named, arguments: '{}' } }), '[DONE]');

  expect(whole).toEqual([{ callId: 'call_a', ...named, args: '{}' }]);
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
