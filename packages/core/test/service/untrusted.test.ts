// Fields of another type than expected count as missing.
import { expect, test } from 'vitest';
import { asCount, asList, asObject, asText } from '../../src/seams.ts';

test.each<[string, (value: unknown) => unknown, readonly unknown[], readonly unknown[]]>([
  ['a whole number from 0', asCount, [0, 1, 2 ** 53 - 1], [-1, 0.5, 2 ** 53, Number.NaN, '1', null, undefined, true]],
  ['a text', asText, ['a', ' '], ['', 1, null, undefined, ['a'], {}]],
  ['a list', asList, [[], [1]], [{}, 'a', null, undefined, { length: 0 }]],
  ['an object', asObject, [{}, { a: 1 }], [[], 'a', 1, null, undefined, () => {}]],
])('%s is what it is, and anything else is missing', (_, read, values, others) => {
  expect(values.map((value) => read(value))).toEqual(values);
  expect(others.map((value) => read(value))).toEqual(others.map(() => null));
});
