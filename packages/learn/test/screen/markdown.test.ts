// A task's Markdown on a terminal.
import { expect, test } from 'vitest';
import { fileDiff } from '../../src/screen/file-diff.ts';
import { rendered } from '../../src/screen/markdown.ts';

const plain = (_: unknown, text: string): string => text;
const green = (_: unknown, text: string): string => `\u001B[32m${text}\u001B[39m`;

test('paragraphs are joined and wrapped at words', () => {
  expect(rendered('One two\nthree four.\n\nFive.', 9, plain)).toEqual(['One two', 'three', 'four.', '', 'Five.']);
});

test('a word that is longer than the line stays whole', () => {
  expect(rendered('a longer-than-that b', 6, plain)).toEqual(['a', 'longer-than-that', 'b']);
});

test('list items hang', () => {
  expect(rendered('- one two\n  three\n- four\n\n1. five six', 9, plain)).toEqual([
    '- one two',
    '  three',
    '- four',
    '',
    '1. five',
    '   six',
  ]);
});

test('code is indented and not wrapped', () => {
  expect(rendered('Write\n\n```ts\nconst a = 1;\n\n  b();\n```\n\nhere.', 8, plain)).toEqual([
    'Write',
    '',
    '    const a = 1;',
    '    ',
    '      b();',
    '',
    'here.',
  ]);
});

test('links keep their words, bold and code are painted, and what is painted does not count as length', () => {
  expect(rendered('[the page](a/b.md) **is** `here`', 11, green)).toEqual([
    'the page \u001B[32mis\u001B[39m',
    '\u001B[32m`here`\u001B[39m',
  ]);
});

test('a diff shows what goes, what comes, and three lines around', () => {
  const lines = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const from = lines.join('\n');
  const to = lines.with(4, 'five').join('\n');

  expect(fileDiff(from, to, plain)).toEqual(['  …', '  2', '  3', '  4', '- 5', '+ five', '  6', '  7', '  8', '  …']);
  expect(fileDiff(from, from, plain)).toEqual([]);
});
