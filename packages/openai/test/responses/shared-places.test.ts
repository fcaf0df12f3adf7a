// Services that leave `output_index` out or always at 0, and items whose own end never came: no item is lost.
import { expect, test } from 'vitest';
import { created, delta, ended, message, read, texts } from './answer-frames.ts';
import { call, completed, fragmentsOf, itemDone, oslo } from './call-frames.ts';

const said = (id: string, ...words: string[]): object => ({
  ...message(...words.map((text) => ({ type: 'output_text', text, annotations: [] }))),
  id,
});

const done = (item: object, index?: number): object => ({
  type: 'response.output_item.done',
  output_index: index,
  item,
});

const thought = (id: string, ...words: string[]): object => ({
  type: 'reasoning',
  id,
  summary: words.map((text) => ({ type: 'summary_text', text })),
});

const contents = (...frames: readonly object[]): unknown[] =>
  read(created, ...frames).updates.flatMap((update) => update.contents);

test.each([0, undefined])('two messages that come only as whole items are both delivered: index %s', (index) => {
  const { updates } = read(created, done(said('m1', 'A'), index), done(said('m2', 'B'), index), ended('completed'));

  expect(texts(updates)).toEqual(['A', 'B']);
});

test('two messages that come only as whole texts at one place are both delivered', () => {
  const whole = (id: string, text: string): object => ({
    type: 'response.output_text.done',
    item_id: id,
    output_index: 0,
    content_index: 0,
    text,
  });

  const { updates } = read(created, whole('m1', 'A'), whole('m2', 'B'), ended('completed'));

  expect(texts(updates)).toEqual(['A', 'B']);
});

test('a whole text under a new id comes once when its deltas follow one that came whole at their place', () => {
  const place = { output_index: 0, content_index: 0 };
  const whole = (id: string, text: string): object => ({
    type: 'response.output_text.done',
    item_id: id,
    ...place,
    text,
  });

  const { updates } = read(
    created,
    whole('m1', 'A'),
    delta('B', { item_id: 'm2', ...place }),
    whole('other', 'B'),
    ended('completed'),
  );

  expect(texts(updates)).toEqual(['A', 'B']);
});

test('two reasoning items that come only as whole items at one place are both delivered', () => {
  const given = contents(done(thought('r1', 'Hm.'), 0), done(thought('r2', 'Aha.'), 0), ended('completed'));

  expect(given).toEqual([
    { type: 'text_reasoning', text: 'Hm.', id: 'r1' },
    { type: 'text_reasoning', text: 'Aha.', id: 'r2' },
  ]);
});

test('a whole message at the next place is delivered after deltas whose item never came whole', () => {
  const { updates } = read(created, delta('A', { output_index: 0 }), done(said('m2', 'B'), 1), ended('completed'));

  expect(texts(updates)).toEqual(['A', 'B']);
});

test.each(['msg_1', 'other'])('a part that comes only in the whole item is delivered: %s', (id) => {
  const first = delta('A', { output_index: 0, content_index: 0 });

  const { updates } = read(created, first, done(said(id, 'A', 'B'), 0), ended('completed'));

  expect(texts(updates)).toEqual(['A', 'B']);
});

test('a part of a summary that comes only in the whole item is delivered, with what the service wants back', () => {
  const event = { type: 'response.reasoning_summary_text.delta', item_id: 'r1', output_index: 0, summary_index: 0 };
  const item = { ...thought('r1', 'Hm.', 'Aha.'), encrypted_content: 'xyz' };

  const given = contents({ ...event, delta: 'Hm.' }, done(item, 0), ended('completed'));

  expect(given).toEqual([
    { type: 'text_reasoning', text: 'Hm.', id: 'r1' },
    {
      type: 'text_reasoning',
      text: 'Aha.',
      id: 'r1',
      part: 1,
      opaque: { openai_responses: { encrypted_content: 'xyz' } },
    },
  ]);
});

test.each([
  [undefined, 'web_search_call'],
  [0, 'web_search_call'],
  [undefined, 'mcp_approval_request'],
])("two equal items of the service's own are both given out, once: index %s, %s", (index, type) => {
  const item = (id: string): object => ({ type, id, status: 'completed' });
  const items = [done(item('a'), index), done(item('b'), index)];

  const bare = contents(...items, ended('completed'));
  const repeated = contents(...items, ended('completed', { output: [item('a'), item('b')] }));

  expect(bare).toMatchObject([{ id: 'a' }, { id: 'b' }]);
  expect(repeated).toEqual(bare);
});

test.each([0, undefined])("the service's own items without ids are given out once: index %s", (index) => {
  const item = (query: string): object => ({ type: 'web_search_call', action: { query } });
  const items = [item('a'), item('a'), item('b')];

  const streamed = contents(...items.map((each) => done(each, index)), ended('completed', { output: items }));
  const atEnd = contents(ended('completed', { output: items }));

  expect(streamed).toHaveLength(3);
  expect(atEnd).toEqual(streamed);
});

test('two equal calls at one place are both given out', () => {
  const { updates } = read(created, itemDone('a', 0, oslo), itemDone('b', 0, oslo), completed());

  expect(fragmentsOf(updates)).toEqual([call('call_a', oslo), call('call_b', oslo)]);
});
