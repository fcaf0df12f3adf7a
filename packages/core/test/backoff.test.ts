// How long to wait before the next try.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backoffMs, jittered } from '../src/backoff.ts';

const pauses = { firstMs: 500, longestMs: 3_000 };

beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

test('waits double up to the longest', () => {
  expect([0, 1, 2, 3, 4, 2_000].map((earlier) => backoffMs(earlier, pauses))).toEqual([
    500, 1_000, 2_000, 3_000, 3_000, 3_000,
  ]);
});

test('waits grow by the given factor', () => {
  expect([0, 1, 2].map((earlier) => backoffMs(earlier, { ...pauses, growth: 1.5 }))).toEqual([500, 750, 1_125]);
});

test.each([
  [20_000, 20_000],
  [100, 500],
  [0, 500],
  [null, 500],
  [undefined, 500],
])('a wait of %s ms that the other side asked for makes it %s ms', (askedMs, expected) => {
  expect(backoffMs(0, pauses, askedMs)).toBe(expected);
});

test('a wait is up to a fifth longer, also one that was asked for, and never shorter', () => {
  vi.mocked(Math.random).mockReturnValue(0.99999);

  expect([backoffMs(0, pauses), backoffMs(0, pauses, 10_000), jittered(5_000)]).toEqual([600, 12_000, 6_000]);
});

test('no wait is longer than a timer holds', () => {
  expect(backoffMs(0, pauses, 1e13)).toBe(2_147_483_647);
});
