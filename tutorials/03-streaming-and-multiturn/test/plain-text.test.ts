import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlainText } from '../terminal/plain-text.ts';

/** What is shown of an answer that comes in these fragments. */
function shown(fragments: readonly string[]): string {
  const plain = new PlainText();
  return fragments.map((fragment) => plain.next(fragment)).join('');
}

test.each([
  ['clears the screen', 'a\u001B[2Jb', 'a[2Jb'],
  ['sets the window title and rings', 'a\u001B]0;x\u0007b', 'a]0;xb'],
  ['goes back to the start of the line', 'safe\rfake', 'safefake'],
  ['uses the one-byte form of ESC [', 'a\u009B31mb', 'a31mb'],
  ['turns the writing direction around', 'a\u202Etxt.exe\u202C\u2066b', 'atxt.exeb'],
  ['erases backwards', 'ab\b\u007Fc', 'abc'],
])('text that %s does not', (_, text, expected) => {
  expect(shown([text])).toBe(expected);
});

test('newlines, tabs, joined emoji and right-to-left text stay as they are', () => {
  const text = 'one\n\ttwo 👩‍👩‍👧 é שלום مرحبا';

  expect(shown([text])).toBe(text);
});

test('a sequence cut in two by a border is removed like a whole one', () => {
  expect(shown(['a\u001B', '[2Jb'])).toBe('a[2Jb');
});

test('an emoji that arrives in halves is shown once it is whole', () => {
  const [high, low] = ['😀'.slice(0, 1), '😀'.slice(1)];
  const plain = new PlainText();

  expect([plain.next(`a${high}`), plain.next(`${low}b`)]).toEqual(['a', '😀b']);
});

test('wherever an answer is cut, the same is shown, and never a control character', () => {
  const alphabet = fc.constantFrom('a', '\n', '\t', '\u001B', '[2J', '\r', '\u009B', '\u202E', '😀', 'é', '\u0000');
  const answer = fc.array(alphabet, { maxLength: 20 }).map((parts) => parts.join(''));

  fc.assert(
    fc.property(answer, fc.array(fc.nat(30), { maxLength: 6 }), (text, cuts) => {
      const borders = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
      const fragments = borders.slice(1).map((end, index) => text.slice(borders[index], end));

      expect(shown(fragments)).toBe(shown([text]));
      expect(shown(fragments)).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    }),
  );
});
