// What a text of the Responses API cites.
import { expect, test } from 'vitest';
import { annotationOf } from '../../src/responses/contents.ts';
import { completed, contents, delta, message, read } from './field-frames.ts';

test.each<[string, object, object]>([
  [
    'a page',
    { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 5 },
    { title: 'A', url: 'https://a.example', regions: [{ startIndex: 0, endIndex: 5 }] },
  ],
  ['a file', { type: 'file_citation', file_id: 'file_1', filename: 'a.pdf' }, { title: 'a.pdf', fileId: 'file_1' }],
  ['half a region', { type: 'url_citation', url: 'https://a.example', end_index: 5 }, { url: 'https://a.example' }],
  ['the other half', { type: 'url_citation', url: 'https://a.example', start_index: 0 }, { url: 'https://a.example' }],
  ['nothing known', { type: 'hologram' }, {}],
])('an annotation of %s is a citation that keeps what came', (_, annotation, expected) => {
  expect(annotationOf(annotation)).toStrictEqual({
    type: 'citation',
    ...expected,
    opaque: { openai_responses: annotation },
  });
});

test('a citation in a stream is given out when it comes, under the message that cites', () => {
  const cited = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 5 };

  const updates = read(delta('Sunny.'), {
    type: 'response.output_text.annotation.added',
    item_id: 'm1',
    annotation: cited,
  });

  expect(updates.at(-1)).toMatchObject({
    messageId: 'm1',
    contents: [{ type: 'text', text: '', annotations: [annotationOf(cited)] }],
  });
});

test('a citation is given out once, also when the message has another id in the end', () => {
  const cited = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 5 };
  const added = { type: 'response.output_text.annotation.added', item_id: 'm1', annotation: cited };

  const updates = read(delta('Sunny.'), added, completed(message('other', 'Sunny.', { annotations: [cited] })));

  expect(contents(updates)).toEqual([
    { type: 'text', text: 'Sunny.' },
    { type: 'text', text: '', annotations: [annotationOf(cited)] },
  ]);
});
