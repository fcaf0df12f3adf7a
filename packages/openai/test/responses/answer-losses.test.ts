// Events of the Responses API that come twice, out of order, without numbers or not at all.
import { expect, test } from 'vitest';
import { created, delta, ended, message, read, said, texts } from './answer-frames.ts';

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
  ['response.output_text.done', 'text', { type: 'text', text: 'Hi' }],
  ['response.refusal.done', 'refusal', { type: 'refusal', text: 'Hi' }],
])('parts that come whole are told apart even if they are equal: %s', (type, member, content) => {
  const { updates } = read(
    { type, item_id: 'msg_1', content_index: 0, [member]: 'Hi' },
    { type, item_id: 'msg_1', content_index: 1, [member]: 'Hi' },
    { type, item_id: 'msg_1', content_index: 1, [member]: 'Hi' },
    ended('completed'),
  );

  expect(updates.flatMap((update) => update.contents)).toEqual([content, content]);
});

test('all parts of a reasoning summary that come whole are delivered', () => {
  const summary = { type: 'response.reasoning_summary_text.done', item_id: 'rs_1' };

  const { updates } = read(
    { ...summary, summary_index: 0, text: 'Hm.' },
    { ...summary, summary_index: 1, text: 'Aha.' },
    ended('completed'),
  );

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'text_reasoning', text: 'Hm.', id: 'rs_1' },
    { type: 'text_reasoning', text: 'Aha.', id: 'rs_1', part: 1 },
  ]);
});

test('the whole text of a later part is not compared with the deltas of an earlier one', () => {
  const done = { type: 'response.output_text.done', item_id: 'msg_1' };
  const first = delta('a', { content_index: 0, sequence_number: 1 });

  const { updates } = read(
    first,
    first,
    delta('b', { content_index: 1, sequence_number: 2 }),
    { ...done, content_index: 1, text: 'b!', sequence_number: 3 },
    { ...done, content_index: 0, text: 'a', sequence_number: 4 },
  );

  expect(texts(updates)).toEqual(['a', 'b', '!']);
});

test('a repeated event is harmless even if the parts of an item are not numbered', () => {
  const done = { type: 'response.output_text.done', item_id: 'msg_1', text: 'b' };
  const first = delta('a', { sequence_number: 1 });
  const output = [message({ type: 'output_text', text: 'a' }, { type: 'output_text', text: 'b' })];

  const { updates } = read(first, first, delta('b', { sequence_number: 2 }), done, ended('completed', { output }));

  expect(texts(updates)).toEqual(['a', 'b']);
});

test('a message that comes only as a whole item is delivered once', () => {
  const parts = [
    { type: 'output_text', text: 'Hi', annotations: [] },
    { type: 'refusal', refusal: 'No.' },
    { type: 'output_text', text: 'Hi', annotations: [] },
  ];
  const done = { type: 'response.output_item.done', output_index: 0, item: message(...parts) };

  const { updates } = read(created, done, done, ended('completed'));

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'text', text: 'Hi' },
    { type: 'refusal', text: 'No.' },
    { type: 'text', text: 'Hi' },
  ]);
});

test('a reasoning summary that comes only as a whole item is delivered with what the service wants back', () => {
  const item = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ text: 'Hm.' }, { text: 'Aha.' }],
    encrypted_content: 'xyz',
  };

  const { updates } = read(created, { type: 'response.output_item.done', item }, delta('Hi'), ended('completed'));

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'text_reasoning', text: 'Hm.', id: 'rs_1' },
    {
      type: 'text_reasoning',
      text: 'Aha.',
      id: 'rs_1',
      part: 1,
      opaque: { openai_responses: { encrypted_content: 'xyz' } },
    },
    { type: 'text', text: 'Hi' },
  ]);
});
