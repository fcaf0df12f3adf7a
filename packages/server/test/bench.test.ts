// The programs behind the printed figures run, with small numbers: what they count is checked, what they time is not.
import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { percentile, slope } from '../bench/figures.ts';

// Processes take their time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function run(program: string, ...args: string[]): string {
  const options = { cwd: new URL('..', import.meta.url), encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [`bench/${program}.ts`, ...args], options).stdout;
}

test('the soak leaves no model connection behind, and no answer fails', () => {
  const printed = run('soak', '--streams', '10', '--seconds', '2');

  expect(printed).toMatch(/^10 streams at once for 2 s/);
  expect(printed).toMatch(/^model connections while it lasted +[1-9]/m);
  expect(printed).toMatch(/^answers that failed +0 +at most 0: ok$/m);
  expect(printed).toMatch(/^model connections 3 s after the last reader left +0 +at most 0: ok$/m);
});

test('stopping prints what it measured for as many answers as asked', () => {
  const printed = run('stopping', '--samples', '5');

  expect(printed).toMatch(/^5 answers one after another/);
  expect(printed).toMatch(/^left to closed model connection, p99 +\d+(\.\d+)? ms +at most 500 ms: (ok|over)$/m);
});

test('a percentile is a reading, and a slope that of the line', () => {
  const readings = Array.from({ length: 100 }, (_, index) => 100 - index);
  const line = [0, 1, 2].map((x) => ({ x, y: 3 * x + 1 }));

  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(readings, share))).toEqual([50, 95, 99, 100]);
  expect(slope(line)).toBe(3);
});
