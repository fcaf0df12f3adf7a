// Ends and repeats of Responses streams in the field: what of a text was delivered, and what its end says.
import type { ChatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { completed, delta, message, read } from './field-frames.ts';

const texts = (updates: readonly ChatUpdate[]): string => updates.map(({ text }) => text).join('');

test.each<[string, readonly object[]]>([
  ['numbers that go back', [delta('a', { sequence_number: 5 }), delta('b', { sequence_number: 1 })]],
  ['numbers that are all 0', [delta('a', { sequence_number: 0 }), delta('b', { sequence_number: 0 })]],
  ['no numbers', [delta('a')]],
])('a whole text that continues its deltas is delivered to its end: %s', (_, deltas) => {
  expect(texts(read(...deltas, completed(message('m1', 'ab'))))).toBe('ab');
});

test('a second message that is only in the end is delivered with it, under its own id', () => {
  const updates = read(delta('One.'), completed(message('m1', 'One.'), message('m2', ' Two.')));

  expect(texts(updates)).toBe('One. Two.');
  expect(updates.flatMap(({ messageId }) => messageId ?? [])).toEqual(['m1', 'm2']);
});

test('numbering that begins anew with the second message loses nothing of it', () => {
  const second = delta(' Two.', { item_id: 'm2', sequence_number: 1 });

  const updates = read(
    delta('One.', { sequence_number: 1 }),
    second,
    completed(message('m1', 'One.'), message('m2', ' Two.')),
  );

  expect(texts(updates)).toBe('One. Two.');
});

test('the done event of a text delivers what its deltas left out', () => {
  const done = { type: 'response.output_text.done', item_id: 'm1', text: 'Hello' };

  expect(texts(read(delta('He'), done, completed()))).toBe('Hello');
});

test('text that was dropped as a repeat and is not in the whole is stream_malformed', () => {
  const act = () =>
    read(delta('a', { sequence_number: 5 }), delta('b', { sequence_number: 1 }), completed(message('m1', 'xy')));

  expect(act).toThrow('Parts of the stream were lost');
});

test.each([
  ['failed', { status: 'failed', error: { code: 'server_error', message: 'Down.' } }, 'server_error'],
  ['cancelled', { status: 'cancelled' }, 'response_failed'],
])('an end called completed around a response that is %s is that', (_, response, code) => {
  const act = () => read(delta('Hi'), { type: 'response.completed', response: { id: 'resp_1', ...response } });

  expect(act).toThrow(expect.objectContaining({ code }));
});

test('an end called completed around an incomplete response is incomplete', () => {
  const response = { id: 'resp_1', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

  const updates = read(delta('Hi'), { type: 'response.completed', response });

  expect(updates.at(-1)?.finishReason).toBe('length');
});

test.each([
  ['response.failed', { id: 'resp_1' }],
  ['response.failed', { id: 'resp_1', status: 'completed' }],
  ['response.cancelled', { id: 'resp_1', status: 'in_progress' }],
  ['response.cancelled', undefined],
])('an end called %s is a failure, whatever the response in it says: %j', (type, response) => {
  const act = () => read(delta('Hi'), { type, response });

  expect(act).toThrow(expect.objectContaining({ code: 'response_failed' }));
});

test.each([[{ id: 'resp_1', status: 'completed' }], [{ id: 'resp_1' }], [undefined]])(
  'an end called incomplete is incomplete, whatever the response in it says: %j',
  (response) => {
    const updates = read(delta('Hi'), { type: 'response.incomplete', response });

    expect(updates.at(-1)?.finishReason).toBe('length');
  },
);
