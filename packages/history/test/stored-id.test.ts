import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storedId } from '../src/stored-id.ts';

/** Strings of any UTF-16 units, half characters included, some of them long. */
const ids = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), minLength: 1 }),
  fc.string({ unit: fc.constantFrom('a', 'A', '%', '0', '6', '1', '/', 's', '\0'), minLength: 1, maxLength: 40 }),
  fc.string({ minLength: 100, maxLength: 300 }),
);

test.each([
  [
    'b3f0c1de-7a52-4f6b-9a3c-000000000001',
    'b3f0c1de-7a52-4f6b-9a3c-000000000001',
    'b3f0c1de-7a52-4f6b-9a3c-000000000001',
  ],
  ['User 42', '%0055ser%002042', 'User%002042'],
  ['../a', '%002e%002e%002fa', '../a'],
  ['{a}', '%007ba%007d', '%007ba%007d'],
  ['a\0\ud800', 'a%0000%d800', 'a%0000%d800'],
  ['%0061', '%00250061', '%00250061'],
])('%j is %s in a file name and %s in a key', (id, file, key) => {
  expect(storedId(id, 'file')).toBe(file);
  expect(storedId(id, 'key')).toBe(key);
});

test('two ids never share a name, not even where case makes no difference', () => {
  fc.assert(
    fc.property(ids, ids, (first, second) => {
      fc.pre(first !== second);

      expect(storedId(first, 'key')).not.toBe(storedId(second, 'key'));
      expect(storedId(first, 'file').toLowerCase()).not.toBe(storedId(second, 'file').toLowerCase());
    }),
    { numRuns: 2_000 },
  );
});

test('a name has up to 128 characters, of which every file system and every Redis slot takes each', () => {
  fc.assert(
    fc.property(ids, (id) => {
      expect(storedId(id, 'file')).toMatch(/^[a-z0-9_%-]{1,128}$/);
      expect(storedId(id, 'key')).toMatch(/^[!-z|~]{1,128}$/);
    }),
    { numRuns: 2_000 },
  );
});

test('the last id that is written out and the first that is hashed stay apart from what looks like them', () => {
  const [longest, longer] = ['x'.repeat(128), 'x'.repeat(129)];

  const names = [longest, longer].map((id) => storedId(id, 'key'));

  expect(names[0]).toBe(longest);
  expect(names[1]).toMatch(/^%sha256-[0-9a-f]{64}$/);
  expect(storedId(names[1]!, 'key')).not.toBe(names[1]);
});
