import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readTestReport } from '../test-report.ts';

const program = join(import.meta.dirname, '..', 'test-package.ts');
const file = (name: string, status: string): object => ({
  name,
  status,
  assertionResults: [{ status, fullName: name.endsWith('a.test.ts') ? 'a' : 'b', tags: [] }],
});

/** A folder with two packages and a `vitest` that only repeats its arguments. */
function workspace(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'test-package-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const directory of ['bin', 'core', 'core-extras']) mkdirSync(join(root, directory));
  writeFileSync(join(root, 'bin', 'vitest'), '#!/bin/sh\necho "vitest $*"\nexit 3\n');
  chmodSync(join(root, 'bin', 'vitest'), 0o755);
  return root;
}

/** Runs the tests of `core`, after a shared run with these results if there was one. */
function testCore(root: string, testResults: object[] | undefined, args: string[] = []) {
  const report = join(root, 'report.json');
  if (testResults !== undefined) writeFileSync(report, JSON.stringify({ testResults }));
  return spawnSync(process.execPath, [program, ...args], {
    cwd: join(root, 'core'),
    encoding: 'utf8',
    env: {
      PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}`,
      ...(testResults !== undefined && { SHARED_TEST_REPORT: report }),
    },
  });
}

test('after a shared run a package keeps the results of its own tests and runs none again', () => {
  const root = workspace();
  const results = [
    file(join(root, 'core/test/a.test.ts'), 'passed'),
    file(join(root, 'core-extras/b.test.ts'), 'failed'),
  ];

  const { status, stdout } = testCore(root, results);

  expect({ status, stdout }).toEqual({ status: 0, stdout: 'in the shared run: 1 passed, 0 failed, 0 skipped\n' });
  expect(readTestReport(join(root, 'core'), 'test')).toEqual({ passed: 1, failed: [], skipped: [] });
});

test('a package that failed in the shared run has failed', () => {
  const root = workspace();

  const { status, stdout } = testCore(root, [file(join(root, 'core/test/a.test.ts'), 'failed')]);

  expect({ status, stdout }).toEqual({ status: 1, stdout: 'in the shared run: 0 passed, 1 failed, 0 skipped\n' });
  expect(readTestReport(join(root, 'core'), 'test')).toEqual({ passed: 0, failed: ['a'], skipped: [] });
});

test('a package that was not in the shared run runs its tests itself', () => {
  const root = workspace();

  const { status, stdout } = testCore(root, [file(join(root, 'core-extras/b.test.ts'), 'passed')]);

  expect({ status, stdout }).toEqual({ status: 3, stdout: 'vitest run\n' });
});

test('without a shared run the arguments are those of vitest', () => {
  const root = workspace();

  const { status, stdout } = testCore(root, undefined, ['-t', 'name']);

  expect({ status, stdout }).toEqual({ status: 3, stdout: 'vitest run -t name\n' });
});
