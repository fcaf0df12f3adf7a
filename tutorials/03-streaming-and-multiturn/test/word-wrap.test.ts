// Lines that break between words, however the words arrive.

import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { WordWrap } from '../terminal/word-wrap.ts';

/** What a window shows after the text was written to it. */
function shown(written: string): string[] {
  const lines: string[][] = [[]];
  let column = 0;
  for (const character of written) {
    if (character === '\n') {
      lines.push([]);
      column = 0;
    } else if (character === '\b') column -= 1;
    else lines.at(-1)![column++] = character;
  }
  return lines.map((line) => line.join('').trimEnd());
}

function wrap(fragments: readonly string[], columns: number, column = 0): string {
  const wrapping = new WordWrap(() => columns, column);
  return fragments.map((fragment) => wrapping.next(fragment)).join('');
}

test('a word that does not fit is taken back and begins the next line', () => {
  const written = wrap(['waited one', ' bo', 'at', ' a week'], 14, 0);

  expect(shown(written)).toEqual(['waited one', 'boat a week']);
  expect(written).toBe('waited one bo\b\b  \nboat a week');
});

test('the label before an answer takes its part of the first line', () => {
  expect(shown(wrap(['twelve chars and'], 16, 3))).toEqual(['twelve chars', 'and']);
});

test('a word longer than a line is broken at the edge', () => {
  expect(shown(wrap(['x'.repeat(25)], 11))).toEqual(['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)]);
});

test('wide characters take two columns, and a line may break between them', () => {
  expect(shown(wrap(['漢字漢字漢字'], 11))).toEqual(['漢字漢字漢', '字']);
});

test('a window that gets narrower counts from the next word on', () => {
  let columns = 80;
  const wrapping = new WordWrap(() => columns);

  const wide = wrapping.next('one two ');
  columns = 12;
  const narrow = wrapping.next('three four');

  expect(shown(wide + narrow)).toEqual(['one two', 'three four']);
});

test('a window too narrow for words is left to the terminal', () => {
  expect(wrap(['one two three'], 8)).toBe('one two three');
});

test('no word is lost or changed, and no line is too long, wherever the fragments are cut', () => {
  const words = fc.array(fc.stringMatching(/^[a-zäé漢]{1,30}$/), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(words, fc.array(fc.nat(400)), fc.integer({ min: 12, max: 60 }), (all, cuts, columns) => {
      const text = all.join(' ');
      const at = [0, ...cuts.filter((cut) => cut < text.length).toSorted((one, other) => one - other), text.length];

      const lines = shown(
        wrap(
          at.slice(0, -1).map((from, i) => text.slice(from, at[i + 1])),
          columns,
        ),
      );

      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      expect(lines.filter((line) => stringWidth(line) >= columns)).toEqual([]);
    }),
  );
});
