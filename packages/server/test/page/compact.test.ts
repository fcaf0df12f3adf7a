import { expect, test } from 'vitest';
import { compact } from '../../src/page/compact.ts';

test('comments, indentation and the spaces of removed types go, and the program stays', () => {
  const module = `// What it is for.
/** Sends a word. */
export async function send(word        , times         ) {
  const list = [
    'a // b',
    word,
  ];
  // Why.
  for (const each of list) {
    await post({ each, times });   
  }
}
`;

  const small = compact(module);

  expect(small).toBe(`export async function send(word, times){const list = ['a // b',word,];
for (const each of list){await post({ each, times });}}
`);
});
