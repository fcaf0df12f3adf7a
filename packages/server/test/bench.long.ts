// The programs behind the printed figures, with the numbers that bench.test.ts has no time for.
import { expect, test } from 'vitest';
import { expectSoak, run } from './bench-run.ts';

test('the soak leaves no model connection behind, and no answer fails', () => expectSoak({ streams: 50, seconds: 30 }));

test('stopping prints what it measured for as many answers as asked', () => {
  const printed = run('stopping', '--samples', '5');

  expect(printed).toMatch(/^5 answers one after another/);
  expect(printed).toMatch(/^left to closed model connection, p99 +\d+(\.\d+)? ms +at most 500 ms: (ok|over)$/m);
});
