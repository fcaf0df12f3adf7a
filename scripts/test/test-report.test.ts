// The count that `pnpm test` ends with is only as good as the reading of one package's report.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { skipLines } from '../needs.ts';
import { readTestReport, reportIn } from '../test-report.ts';

function emptyPackage(): string {
  const directory = mkdtempSync(join(tmpdir(), 'report-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A package folder whose last test run left this report. */
function packageWith(testResults: unknown): string {
  const directory = emptyPackage();
  mkdirSync(dirname(reportIn(directory, 'test')));
  writeFileSync(reportIn(directory, 'test'), JSON.stringify({ testResults }));
  return directory;
}

const assertion = (status: string, fullName: string, tags: readonly string[] = []): object => ({
  status,
  fullName,
  tags,
});

test('passed tests are counted over all files, failed and skipped ones are named', () => {
  const directory = packageWith([
    { status: 'failed', assertionResults: [assertion('passed', 'a'), assertion('failed', 'b')] },
    {
      status: 'passed',
      assertionResults: [
        assertion('skipped', 'c', ['slow', 'redis']),
        assertion('todo', 'd'),
        assertion('passed', 'e'),
      ],
    },
  ]);

  const report = readTestReport(directory, 'test');

  expect(report).toEqual({
    passed: 2,
    failed: ['b'],
    skipped: [
      { name: 'c', need: 'redis' },
      { name: 'd', need: undefined },
    ],
  });
});

test('skipped tests are counted by what the machine lacks, each with its remedy', () => {
  const skipped = [{ need: 'browser' }, { need: undefined }, { need: 'browser' }] as const;

  expect(skipLines(skipped)).toEqual([
    'skipped 2: no Chromium; to run them, install chromium, or set CHROMIUM_PATH',
    'skipped 1: no reason given',
  ]);
});

test('a file that could not be loaded is one failure', () => {
  const directory = packageWith([{ name: 'broken.test.ts', status: 'failed', assertionResults: [] }]);

  const report = readTestReport(directory, 'test');

  expect(report).toEqual({ passed: 0, failed: ['broken.test.ts'], skipped: [] });
});

test('a run without tests and a run without a report are not runs', () => {
  const empty = packageWith([]);
  const silent = emptyPackage();

  expect(readTestReport(empty, 'test')).toBe(undefined);
  expect(readTestReport(silent, 'test')).toBe(undefined);
});
