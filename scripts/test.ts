// Runs `test` or `test:long` of every package through turbo; says at the end why tests were skipped, and counts in
// its last line: `N passed, N failed, N skipped`.
import { globSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { skipLines } from './needs.ts';
import { readTestReport, reportIn, type SkippedTest, TEST_TASKS, type TestTask } from './test-report.ts';
import { planTurbo, turbo } from './turbo.ts';

const [task = 'test', ...options] = process.argv.slice(2).filter((arg) => arg !== '--');
if (!isTestTask(task)) throw new Error(`"${task}" is no test run: test or test:long`);

for (const report of globSync(reportIn('{packages,tutorials}/*', task))) rmSync(report);
for (const directory of ['.', 'scripts']) rmSync(reportIn(directory, task), { force: true });

const packages = planTurbo(['run', task, ...options]).filter(
  (run) => run.task === task && run.command !== '<NONEXISTENT>',
);
const untested = packages.filter(({ cache }) => cache.status === 'MISS').map(({ directory }) => directory);

let status = 0;
const env: Record<string, string> = {};
if (task === 'test' && untested.length > 1) {
  status = turbo(['run', 'test:shared', '--', ...untested.map((directory) => `${directory}/test/`)]);
  // What failed outside the tests could be anyone's: then each package runs its own again, to show whose it is.
  const isComplete = status === 0 || (readTestReport('.', task)?.failed ?? []).length > 0;
  if (isComplete) env['SHARED_TEST_REPORT'] = resolve(reportIn('.', task));
}
// More packages at a time than there are cores: many of their tests wait for another process.
status = turbo(['run', task, '--continue', '--concurrency=4', ...options], env) || status;

const total = { passed: 0, failed: 0 };
const skipped: SkippedTest[] = [];
for (const { directory } of packages) {
  const report = readTestReport(directory, task);
  if (report === undefined) console.log(`${directory}: no test ran, which counts as one failure`);
  total.passed += report?.passed ?? 0;
  // The end of a long output is what is kept of it.
  for (const name of report?.failed ?? []) console.log(`failed: ${name}`);
  total.failed += report?.failed.length ?? 1;
  skipped.push(...(report?.skipped ?? []));
}
if (status !== 0 && total.failed === 0) {
  console.log('something failed outside the tests (an unhandled rejection, for example), which counts as one failure');
  total.failed = 1;
}
if (total.failed > 0) status ||= 1;
for (const line of skipLines(skipped)) console.log(line);
console.log(`${total.passed} passed, ${total.failed} failed, ${skipped.length} skipped`);
process.exit(status);

function isTestTask(name: string): name is TestTask {
  return Object.hasOwn(TEST_TASKS, name);
}
