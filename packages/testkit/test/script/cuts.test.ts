import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, type Cuts, every, everyByte, mockModel, perFrame, reply, seeded, whole } from '../../src/index.ts';
import { cutOffsets } from '../../src/script/cuts.ts';
import { chatBody, chatPath, post, readChunks, responsesBody, responsesPath } from '../reader.ts';

const frameEnds = [4, 10];

test.each<[name: string, cuts: Cuts, offsets: number[]]>([
  ['perFrame cuts at the ends of frames', perFrame, [4, 10]],
  ['whole does not cut', whole, [10]],
  ['everyByte cuts after each byte', everyByte, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ['every(4) leaves a shorter rest', every(4), [4, 8, 10]],
  ['every(5) cuts no empty rest', every(5), [5, 10]],
  ['at() sorts, and passes over what is not inside', at([7, 3, 3, 0, 10, 99]), [3, 7, 10]],
])('%s', (_, cuts, offsets) => {
  expect(cutOffsets(cuts, 10, frameEnds)).toEqual(offsets);
});

test('an empty body has no chunks', () => {
  expect([perFrame, whole, everyByte, seeded(1)].map((cuts) => cutOffsets(cuts, 0, []))).toEqual([[], [], [], []]);
});

test('every() refuses an invalid length', () => {
  expect(() => every(0)).toThrow('every(0): use a whole number of at least 1');
  expect(() => every(1.5)).toThrow(RangeError);
});

test('the same seed gives the same cuts, another seed others', () => {
  const cut = (seed: number): number[] => cutOffsets(seeded(seed), 2000, []);

  expect(cut(42)).toEqual(cut(42));
  expect(cut(42)).not.toEqual(cut(43));
});

test('seeded chunks are 1 to 64 bytes long, single bytes among them', () => {
  const sizes = cutOffsets(seeded(7), 20_000, []).map((end, index, ends) => end - (ends[index - 1] ?? 0));

  expect(Math.min(...sizes)).toBe(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(64);
  expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(20);
});

test('offsets ascend to the end of the body for any seed', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 5000 }), (seed, length) => {
      const offsets = cutOffsets(seeded(seed), length, []);

      expect(offsets.at(-1)).toBe(length);
      expect(offsets.every((offset, index) => offset > (offsets[index - 1] ?? 0))).toBe(true);
    }),
  );
});

test('the same bytes arrive however a body is cut, in as many chunks as were cut', async () => {
  const text = ['naïve ', '日本語 ', '🧵', 'end'];
  using model = mockModel(reply(text, { cuts: whole, id: 'answer' }));
  const uncut = await readChunks(await post(model, chatPath, chatBody));
  const body = Buffer.concat(uncut.chunks);

  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      model.add(reply(text, { cuts: seeded(seed), id: 'answer' }));
      const { chunks } = await readChunks(await post(model, chatPath, chatBody));

      expect(Buffer.concat(chunks).equals(body)).toBe(true);
      expect(chunks).toHaveLength(cutOffsets(seeded(seed), body.length, []).length);
    }),
    { numRuns: 20 },
  );
  expect(uncut.chunks).toHaveLength(1);
});

test('a whole answer arrives in one chunk unless it is cut', async () => {
  using model = mockModel(reply('A language.'), reply('A language.', { cuts: every(100) }));
  const body = { ...responsesBody, stream: false };

  const uncut = await readChunks(await post(model, responsesPath, body));
  const cut = await readChunks(await post(model, responsesPath, body));

  expect(uncut.chunks).toHaveLength(1);
  expect(cut.chunks.map((chunk) => chunk.length)).toEqual([
    ...Array.from({ length: cut.chunks.length - 1 }, () => 100),
    expect.any(Number),
  ]);
  expect(cut.chunks.length).toBeGreaterThan(5);
});
