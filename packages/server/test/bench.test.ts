// The programs behind the printed figures run, with small numbers: what they count is checked, what they time is not.
import { expect, test } from 'vitest';
import { percentile, slope } from '../bench/figures.ts';
import { expectSoak } from './bench-run.ts';

// A longer one, and the other program, are in bench.long.ts.
test('the soak leaves no model connection behind, and no answer fails', () => expectSoak({ streams: 5, seconds: 2 }));

test('a percentile is a reading, and a slope that of the line', () => {
  const readings = Array.from({ length: 100 }, (_, index) => 100 - index);
  const line = [0, 1, 2].map((x) => ({ x, y: 3 * x + 1 }));

  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(readings, share))).toEqual([50, 95, 99, 100]);
  expect(slope(line)).toBe(3);
});
