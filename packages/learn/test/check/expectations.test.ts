// Every failure is one sentence in words.
import { expect, test } from 'vitest';
import { counted, equal, expected, inTime, predicted } from '../../src/check/index.ts';

const circle: unknown[] = [];
circle.push(circle);

test.for<[string, () => void, string]>([
  [
    'expected',
    () => expected('the second request to carry the first turn', false, `it carried ${counted(1, 'message')}`),
    'expected the second request to carry the first turn; it carried 1 message',
  ],
  ['equal', () => equal('the texts', ['a'], ['a', 'b']), 'expected the texts to be ["a","b"]; it was ["a"]'],
  ['equal with nothing', () => equal('the text', undefined, 'a'), 'expected the text to be "a"; it was undefined'],
  [
    'equal with what is no JSON',
    () => equal('it', circle, 1n),
    'expected it to be 1n; it was <ref *1> [ [Circular *1] ]',
  ],
  [
    'equal with much',
    () => equal('the text', 'a'.repeat(200), 'b'),
    `expected the text to be "b"; it was "${'a'.repeat(119)}…`,
  ],
  [
    'predicted, not yet',
    () => predicted({ first: 1, second: undefined }, { first: 2, second: 2 }),
    'expected `second` to hold your prediction; it is still undefined',
  ],
  [
    'predicted too little',
    () => predicted({ calls: 1 }, { calls: 2 }),
    'expected `calls` to be what happened; you predicted 1, and it was more',
  ],
  [
    'predicted too much',
    () => predicted({ calls: 3 }, { calls: 2 }),
    'expected `calls` to be what happened; you predicted 3, and it was less',
  ],
  [
    'predicted a list with a wrong entry',
    () => predicted({ order: ['a', 'b'] }, { order: ['a', 'c'] }),
    'expected `order` to be what happened; you predicted ["a","b"], and entry 2 is the first that differs',
  ],
  [
    'predicted a list that is too short',
    () => predicted({ order: ['a'] }, { order: ['a', 'c'] }),
    'expected `order` to be what happened; you predicted ["a"], and there were more entries',
  ],
  [
    'predicted a list that is too long',
    () => predicted({ order: ['a', 'b'] }, { order: ['a'] }),
    'expected `order` to be what happened; you predicted ["a","b"], and there were fewer entries',
  ],
  [
    'predicted something else',
    () => predicted({ end: 'error' }, { end: 'done' }),
    'expected `end` to be what happened; you predicted "error", and something else happened',
  ],
])('%s', ([, expectation, sentence]) => {
  expect(expectation).toThrow(expect.objectContaining({ name: 'Unmet', message: sentence }));
});

test('what holds says nothing', () => {
  expected('it to hold', true, 'it did not');
  equal('the list', [{ a: 1 }], [{ a: 1 }]);
  predicted({ calls: 2, order: ['a'] }, { calls: 2, order: ['a'] });
});

test('inTime gives the value, or says what did not come', async () => {
  await expect(inTime('the answer', Promise.resolve(7))).resolves.toBe(7);
  await expect(inTime('the answer', new Promise(() => {}), 1)).rejects.toThrow(
    'expected the answer within 0.001 s; it was still waiting',
  );
});
