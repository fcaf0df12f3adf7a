// The arithmetic of the published figures. The programs that print them run in bench.long.ts.
import { expect, test } from 'vitest';
import { percentile, slope } from '../bench/figures.ts';

test('a percentile is a reading, and a slope that of the line', () => {
  const readings = Array.from({ length: 100 }, (_, index) => 100 - index);
  const line = [0, 1, 2].map((x) => ({ x, y: 3 * x + 1 }));

  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(readings, share))).toEqual([50, 95, 99, 100]);
  expect(slope(line)).toBe(3);
});
