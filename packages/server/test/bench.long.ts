// The programs that print the published figures: the counts are checked, the timings are not. `scaling` takes four minutes
// and is run by hand.
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { backEnds } from './back-ends.ts';

test('the soak leaves no model connection open, and no answer fails', () => {
  const printed = run('soak', '--streams', '50', '--seconds', '30');

  expect(printed).toMatch(/^50 streams at once for 30 s/);
  expect(printed).toMatch(/^model connections while it lasted +[1-9]/m);
  expect(printed).toMatch(/^answers that failed +0 +at most 0: ok$/m);
  expect(printed).toMatch(/^model connections 3 s after the last reader left +0 +at most 0: ok$/m);
});

test('stopping prints what it measured for as many answers as asked', () => {
  const printed = run('stopping', '--samples', '5');

  expect(printed).toMatch(/^5 answers one after another/);
  expect(printed).toMatch(/^left to closed model connection, p99 +\d+(\.\d+)? ms +at most 500 ms: (ok|over)$/m);
});

test('every protocol is measured beside our own', () => {
  const printed = run('protocols', '--rounds', '1');

  expect(printed).toMatch(/^our own +\d+\.\d+ ms \(1\.00\) +\d+\.\d+ µs \(1\.00\)$/m);
  expect(printed.match(/^.+ ms \(.+ µs \(\d+\.\d+\)$/gm)).toHaveLength(7);
});

test('new conversations on SQLite are measured in four ways', () => {
  const printed = run('conversations', '--conversations', '20');

  expect(printed).toMatch(/^20 new conversations of one turn, 3 times/);
  expect(printed.match(/: per second +\d/g)).toHaveLength(4);
  expect(printed).toMatch(/^time of the last, as a share of the first +\d\.\d+ +at most 0\.25: (ok|over)$/m);
});

describe.each(backEnds)('$name', ({ name, isThere, tags }) => {
  test.skipIf(!isThere)('background runs are read completely, and the bytes per update are printed', { tags }, () => {
    const printed = run('background', '--store', name.toLowerCase(), '--words', '300');

    expect(printed).toMatch(/^runs that were not +0 +at most 0: ok$/m);
    expect(printed).toMatch(/^the difference +-?\d+(\.\d+)? ms +at most 100 ms: (ok|over)$/m);
    expect(printed).toMatch(/^bytes written by an update after 2000 +\d+ +at most \d+: (ok|over)$/m);
  });
});

function run(program: string, ...args: string[]): string {
  const options = { cwd: new URL('..', import.meta.url), encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [`bench/${program}.ts`, ...args], options).stdout;
}
