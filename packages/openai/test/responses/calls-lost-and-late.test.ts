// Calls of a Responses stream of which parts come twice, late, contradict each other or never come.
import { expect, test } from 'vitest';
import {
  added,
  argumentsDone,
  call,
  callA,
  completed,
  created,
  delta,
  fragmentsOf,
  item,
  itemDone,
  lima,
  madeUp,
  oslo,
  read,
} from './call-frames.ts';

const numbered = (frames: readonly object[]) => frames.map((frame, sequence_number) => ({ ...frame, sequence_number }));

test('deltas lost after {} are noticed by their numbers, and {} is not taken as the arguments', () => {
  const [begun, empty, , end] = numbered([added('a', 0), delta('a', 0, '{}'), delta('a', 0, oslo), completed()]);

  expect(() => read(begun!, empty!, end!)).toThrow('Parts of a tool call were lost');
});

test.each([
  ['arguments.done', argumentsDone('a', 0, oslo)],
  ['the item', itemDone('a', 0, oslo)],
  ['the response', completed(item('a', oslo))],
])('what the deltas lack at the end comes from %s', (_, whole) => {
  const updates = read(created, added('a', 0), delta('a', 0, '{"city":'), whole);

  expect(fragmentsOf(updates)).toEqual([call('call_a', '{"city":'), call('call_a', '"Oslo"}')]);
});

test('frames that come twice count once', () => {
  const frames = numbered([created, ...callA, completed(item('a', oslo))]);

  const updates = read(...frames.flatMap((frame) => [frame, frame]));

  expect(fragmentsOf(updates)).toEqual([call('call_a', '{"city":'), call('call_a', '"Oslo"}')]);
});

test.each([
  ['is doubled', [delta('a', 0, '{"city":'), delta('a', 0, '{"city":'), delta('a', 0, '"Oslo"}')]],
  ['is lost', [delta('a', 0, '{"ci'), delta('a', 0, '"Oslo"}')]],
  ['says something else', [delta('a', 0, lima)]],
])('a fragment without a number that %s is found out by the whole: stream_malformed', (_, fragments) => {
  const act = () => read(created, added('a', 0), ...fragments, argumentsDone('a', 0, oslo));

  expect(act).toThrow(expect.objectContaining({ code: 'stream_malformed' }));
});

test('final arguments of {} that contradict earlier deltas are refused', () => {
  const act = () => read(created, added('a', 0), delta('a', 0, '{"city":'), argumentsDone('a', 0, '{}'));

  expect(act).toThrow(expect.objectContaining({ code: 'stream_malformed' }));
});

test('deltas after {} are the arguments, also when nothing repeats them', () => {
  const fragments = ['{}', ' ', '{"city":', ' ', '"Oslo"}'].map((fragment) => delta('a', 0, fragment));

  const updates = read(created, added('a', 0), ...fragments, completed());

  expect(
    fragmentsOf(updates)
      .map((fragment) => fragment.arguments)
      .join(''),
  ).toBe('{"city": "Oslo"}');
});

test('a whole that only has other blanks than its fragments is no contradiction', () => {
  const updates = read(
    created,
    added('a', 0),
    delta('a', 0, oslo),
    itemDone('a', 0, '{ "city": "Oslo" }'),
    completed(),
  );

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo)]);
});

test('parts that were lost are made up for by the response; without it, what is left of a call is not one', () => {
  const [first, ...rest] = numbered([created, ...callA, completed(item('a', oslo))]);
  const lossy = [first!, rest[0]!, rest[1]!, { ...rest.at(-1)! }];
  const bare = [first!, rest[0]!, { ...completed(), sequence_number: 6 }];

  expect(fragmentsOf(read(...lossy))).toEqual([call('call_a', '{"city":'), call('call_a', '"Oslo"}')]);
  expect(() => read(...bare)).toThrow(expect.objectContaining({ code: 'stream_malformed' }));
});

test('a fragment that comes after the whole adds nothing', () => {
  const updates = read(created, added('a', 0), argumentsDone('a', 0, oslo), delta('a', 0, '}'), completed());

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo)]);
});

test('two calls that claim one place are told apart by their ids', () => {
  const updates = read(
    created,
    added('a', 0),
    delta('a', 0, oslo),
    itemDone('a', 0, oslo),
    added('b', 0),
    delta('b', 0, lima),
    itemDone('b', 0, lima),
    completed(),
  );

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo), call('call_b', lima)]);
});

test.each([
  ['with arguments', oslo],
  ['without arguments', '{}'],
])('a call that has new ids in its whole item and in the response is given out once: %s', (_, args) => {
  const updates = read(
    created,
    added('a', 0),
    delta('a', 0, args),
    argumentsDone('a', 0, args),
    itemDone('b', 0, args, { id: undefined }),
    completed(item('c', args)),
  );

  const given = fragmentsOf(updates);
  expect(new Set(given.map(({ callId }) => callId))).toEqual(new Set(['call_a']));
  expect(given.map((fragment) => fragment.arguments).join('')).toBe(args);
});

test('a call that begins and has a new id in its whole item is given out once', () => {
  const updates = read(created, added('a', 0), itemDone('b', 0, oslo), completed());

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo)]);
});

test('equal calls at two places stay two', () => {
  const updates = read(created, itemDone('a', 0, oslo), itemDone('b', 1, oslo), completed());

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo), call('call_b', oslo)]);
});

test('a call without an id gets one, the same in all of its fragments', () => {
  const nameless = { call_id: undefined };

  const updates = read(
    created,
    added('a', 0, nameless),
    delta('a', 0, '{"city":'),
    itemDone('a', 0, oslo, nameless),
    completed(item('a', oslo, nameless)),
  );

  const [first, second, ...others] = fragmentsOf(updates);
  expect(first?.callId).toEqual(madeUp);
  expect(second?.callId).toBe(first?.callId);
  expect(others).toEqual([]);
});

test('a name that comes late is given out when it comes', () => {
  const updates = read(
    created,
    added('a', 0, { name: undefined }),
    delta('a', 0, oslo),
    argumentsDone('a', 0, oslo, { name: 'get_weather' }),
    completed(item('a', oslo)),
  );

  expect(fragmentsOf(updates)).toEqual([{ ...call('call_a', oslo), name: '' }, call('call_a', '')]);
});
