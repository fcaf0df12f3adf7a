import { expect, test } from 'vitest';
import { undocumentedNames } from '../docs/undocumented.ts';

const FILES: Readonly<Record<string, string>> = {
  'a/index.ts':
    "export { type Limits, open } from './open.ts';\nexport { words as more } from './words.ts';\nexport const X = 1;\n",
  'a/open.ts':
    '/** Limits of a run. */\nexport interface Limits {}\n\nexport async function open(): Promise<void> {}\n',
  'a/words.ts': '/**\n * Yields words.\n */\nexport async function* words() {}\n',
};

test('a public name without a comment is named with its file, where it is declared', () => {
  expect(undocumentedNames('a/index.ts', (file) => FILES[file]!)).toEqual([
    'a/index.ts: X: no description',
    'a/open.ts: open: no description, and a/index.ts exports it',
  ]);
});
