// What a text of Chat Completions cites, in the shapes of several servers.
import { expect, test } from 'vitest';
import { whole } from './field-answers.ts';

test.each<[string, object, object]>([
  [
    'a page',
    {
      type: 'url_citation',
      url_citation: { url: 'https://a.example', title: 'A', content: 'Sunny', start_index: 0, end_index: 5 },
    },
    { title: 'A', url: 'https://a.example', snippet: 'Sunny', regions: [{ startIndex: 0, endIndex: 5 }] },
  ],
  ['a page, flat', { url: 'https://a.example', title: 'A' }, { title: 'A', url: 'https://a.example' }],
  ['no end', { url: 'https://a.example', start_index: 0 }, { url: 'https://a.example' }],
  ['no start', { url: 'https://a.example', end_index: 5 }, { url: 'https://a.example' }],
])('a citation of %s says what came', async (_, annotation, expected) => {
  const { contents } = await whole({ content: 'Sunny.', annotations: [annotation] });

  expect(contents).toStrictEqual([{ type: 'text', text: 'Sunny.', annotations: [{ type: 'citation', ...expected }] }]);
});

test('a citation without an address keeps what came, and one that is not an object is left out', async () => {
  const annotation = { type: 'file_citation', file_id: 'file_1' };

  const { contents } = await whole({ content: 'Sunny.', annotations: [annotation, null, 'page 7'] });

  expect(contents).toStrictEqual([
    {
      type: 'text',
      text: 'Sunny.',
      annotations: [{ type: 'citation', opaque: { chat_completions: annotation } }],
    },
  ]);
});
