// Runs the tests of the package it is started in. `pnpm test` has run them together with those of other packages: then
// it keeps this package's part of that report, so that turbo stores a result for each package.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { readTestReport, reportIn, type VitestReport } from './test-report.ts';

const shared = process.env['SHARED_TEST_REPORT'];
if (shared === undefined || !takePart(shared)) {
  const { status } = spawnSync('vitest', ['run', ...process.argv.slice(2)], {
    shell: process.platform === 'win32',
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
const { passed = 0, failed = [], skipped = [] } = readTestReport('.', 'test') ?? {};
console.log(`in the shared run: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exit(failed.length > 0 ? 1 : 0);

/** False when no test of this package is in the report. */
function takePart(report: string): boolean {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  const part: VitestReport = { testResults: testResults.filter(({ name }) => name.startsWith(process.cwd() + sep)) };
  if (part.testResults.length === 0) return false;
  const file = reportIn('.', 'test');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(part));
  return true;
}
