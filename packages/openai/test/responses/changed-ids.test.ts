// Services that give an item a new id from event to event, and items that come only as a whole.
import { expect, test } from 'vitest';
import { created, delta, ended, message, read, texts } from './answer-frames.ts';

const cited = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 5 };

const hello = (id: string, rest: object = {}): object => ({
  ...message({ type: 'output_text', text: 'Hello', annotations: [], ...rest }),
  id,
});

const done = (item: object, index?: number): object => ({
  type: 'response.output_item.done',
  output_index: index,
  item,
});

const summary = (id: string, text: string, rest: object = {}): object => ({
  type: 'reasoning',
  id,
  summary: [{ type: 'summary_text', text }],
  ...rest,
});

const contents = (...frames: readonly object[]): unknown[] =>
  read(created, ...frames).updates.flatMap((update) => update.contents);

test.each([
  ['with a place', [delta('Hel', { output_index: 0 }), delta('lo', { output_index: 0 }), done(hello('other'), 0)]],
  ['without a place', [delta('Hel'), delta('lo'), done(hello('other'))]],
  ['with a place in the item alone', [delta('Hel'), delta('lo'), done(hello('other'), 0)]],
])('a message whose id changes is delivered once: %s', (_, frames) => {
  const bare = read(created, ...frames, ended('completed'));
  const repeated = read(created, ...frames, ended('completed', { output: [hello('another')] }));

  expect(texts(bare.updates)).toEqual(['Hel', 'lo']);
  expect(texts(repeated.updates)).toEqual(['Hel', 'lo']);
});

test('messages whose ids change are told apart by their places, even if their whole items come last', () => {
  const { updates } = read(
    created,
    delta('Hello', { output_index: 0 }),
    delta('Hello', { output_index: 1, item_id: 'msg_2' }),
    done(hello('x'), 0),
    done(hello('y'), 1),
    done(hello('z'), 2),
    ended('completed'),
  );

  expect(texts(updates)).toEqual(['Hello', 'Hello', 'Hello']);
});

test('a message that comes only as a whole item follows one that came in deltas', () => {
  const { updates } = read(created, delta('Hello'), done(hello('msg_1')), done(hello('msg_2')), ended('completed'));

  expect(texts(updates)).toEqual(['Hello', 'Hello']);
  expect(updates.flatMap(({ messageId }) => messageId ?? [])).toEqual(['msg_1', 'msg_2']);
});

test('a refusal whose id changes is delivered once', () => {
  const refusal = { type: 'response.refusal.delta', item_id: 'msg_1', delta: 'No.' };
  const item = { ...message({ type: 'refusal', refusal: 'No.' }), id: 'other' };

  expect(contents(refusal, done(item, 0), ended('completed'))).toEqual([{ type: 'refusal', text: 'No.' }]);
});

test('reasoning whose id changes from event to event is delivered once, and what the service wants back is kept', () => {
  const event = 'response.reasoning_summary_text';
  const place = { summary_index: 0, output_index: 0 };

  const given = contents(
    { type: `${event}.delta`, item_id: 'rs_a', ...place, delta: 'Hm' },
    { type: `${event}.delta`, item_id: 'rs_b', ...place, delta: 'm.' },
    { type: `${event}.done`, item_id: 'rs_c', ...place, text: 'Hmm.' },
    done(summary('rs_d', 'Hmm.', { encrypted_content: 'xyz' }), 0),
    ended('completed'),
  );

  expect(given).toEqual([
    { type: 'text_reasoning', text: 'Hm', id: 'rs_a' },
    { type: 'text_reasoning', text: 'm.', id: 'rs_b' },
    { type: 'text_reasoning', text: '', id: 'rs_d', opaque: { openai_responses: { encrypted_content: 'xyz' } } },
  ]);
});

test('reasoning items that come only as a whole are all delivered', () => {
  const given = contents(done(summary('rs_1', 'Hm.')), done(summary('rs_2', 'Aha.')), ended('completed'));

  expect(given).toEqual([
    { type: 'text_reasoning', text: 'Hm.', id: 'rs_1' },
    { type: 'text_reasoning', text: 'Aha.', id: 'rs_2' },
  ]);
});

test("the service's own item whose id changes is given out once, and an equal one at another place too", () => {
  const search = (id: string): object => ({ type: 'web_search_call', id, status: 'completed' });

  const given = contents(
    done(search('ws_a'), 0),
    done(search('ws_b'), 1),
    ended('completed', { output: [search('ws_c'), search('ws_d')] }),
  );

  expect(given).toMatchObject([{ id: 'ws_a' }, { id: 'ws_b' }]);
});

test('commentary that comes only as a whole item is not the answer', () => {
  const { updates } = read(created, done({ ...hello('msg_1'), phase: 'commentary' }, 0), ended('completed'));

  expect(updates[1]).toMatchObject({ text: '', phase: 'commentary', contents: [{ type: 'text', text: 'Hello' }] });
});

test('citations of a message that comes only as a whole item are given out once', () => {
  const item = hello('msg_1', { annotations: [cited] });

  const given = contents(done(item, 0), ended('completed', { output: [item] }));

  const annotations = [expect.objectContaining({ url: 'https://a.example' })];
  expect(given).toEqual([{ type: 'text', text: 'Hello', annotations }]);
});
