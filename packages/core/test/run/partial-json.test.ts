import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PartialJson } from '../../src/run/partial-json.ts';

function read(...fragments: readonly string[]): unknown {
  const json = new PartialJson();
  for (const fragment of fragments) json.add(fragment);
  return json.read();
}

/** Whether a growing value can still become the whole: it contains nothing that the whole lacks or has differently. */
function growsInto(part: unknown, whole: unknown): boolean {
  if (typeof part === 'string') return typeof whole === 'string' && whole.startsWith(part);
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.length <= whole.length && part.every((item, at) => growsInto(item, whole[at]));
  }
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  return Object.entries(part).every(
    ([key, value]) =>
      Object.hasOwn(whole as object, key) && growsInto(value, (whole as Readonly<Record<string, unknown>>)[key]),
  );
}

// `stringUnit: 'binary'` makes the same, but builds a table of all code points first, which takes a second.
const codePoint = fc.nat(0x10f7ff).map((at) => String.fromCodePoint(at < 0xd800 ? at : at + 0x800));
// No key ends with a backslash: V8 can return such a key for a later escaped one (nodejs/node#63785).
const tricky = fc.constantFrom('__proto__', 'toString', '"', '\\"', '\n', '\ud800');
const values = fc.jsonValue({ stringUnit: fc.oneof(codePoint, tricky) });
const spaces = fc.constantFrom(undefined, 1, 2);

test('every prefix of a JSON text reads as a value that grows into the whole', () => {
  const property = fc.property(values, spaces, (value, space) => {
    const json = new PartialJson();
    const whole: unknown = JSON.parse(JSON.stringify(value));

    for (const char of JSON.stringify(value, null, space).split('')) {
      json.add(char);
      const part = json.read();
      if (part !== undefined && !growsInto(part, whole)) return false;
    }
    json.finish();
    expect(json.read()).toEqual(whole);
    return true;
  });

  fc.assert(property);
});

test('it does not matter where the text is cut into fragments', () => {
  const property = fc.property(values, fc.array(fc.nat(200)), (value, cuts) => {
    const text = JSON.stringify(value);
    const at = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted((left, right) => left - right);

    const fragments = at.slice(1).map((end, index) => text.slice(at[index], end));

    expect(read(...fragments)).toEqual(read(text));
  });

  fc.assert(property);
});

test('text that is not JSON, or stops being JSON, never throws', () => {
  const pieces = fc.array(fc.oneof(fc.constantFrom(...'{}[],:"\\u0tr`\n'.split('')), fc.string()));

  fc.assert(fc.property(pieces, (fragments) => void read(...fragments)));
});

test.each([
  ['', undefined],
  ['  ', undefined],
  ['{', {}],
  ['{"ci', {}],
  ['{"city"', {}],
  ['{"city":', {}],
  ['{"city":"', { city: '' }],
  ['{"city":"Par', { city: 'Par' }],
  ['{"city":"Paris"', { city: 'Paris' }],
  ['{"city":"Paris","facts":["a"', { city: 'Paris', facts: ['a'] }],
  ['[1', []],
  ['[12, 3', [12]],
  ['[tru', []],
  ['[true]', [true]],
  ['["a\\', ['a']],
  ['["a\\n', ['a\n']],
  ['["\\u00e', ['']],
  ['["\\u00e9', ['é']],
  ['["\\ud83d', ['']],
  ['["\\ud83d\\ude0', ['']],
  ['["\\ud83d\\ude00', ['😀']],
  ['["\\ud83d"', ['\ud83d']],
  ['["😀'.slice(0, 3), ['']],
  ['42', undefined],
  ['42 ', 42],
  ['{"__proto__":{"a":1}', JSON.parse('{"__proto__":{"a":1}}')],
  ['Here is it: {"a":1}', undefined],
  ['{"a":1]', undefined],
])('%j is %j so far', (text, value) => {
  expect(read(text)).toEqual(value);
});

test.each(['```json\n', '```\n', '\n ```json \n\n'])('the fence %j around the text is not part of it', (fence) => {
  expect(read(...`${fence}{"a":[1,2`.split(''))).toEqual({ a: [1] });
  expect(read(`${fence}{"a":[1,2]}\n\`\`\`\n`)).toEqual({ a: [1, 2] });
  expect(read('```js')).toBeUndefined();
});

test('a fence around a text alone is not part of it, at its end either', () => {
  const json = new PartialJson();
  json.add('```json\n"Hi"\n```\n');

  json.finish();

  expect(json.read()).toBe('Hi');
});

test('a number at the end of the text appears once the text has ended', () => {
  const json = new PartialJson();
  json.add('4');
  json.add('2');

  const before = json.read();
  json.finish();

  expect([before, json.read()]).toEqual([undefined, 42]);
});
