// Runs `test` or `test:long` of every package through turbo; says at the end why tests were skipped, and counts in
// its last line: `N passed, N failed, N skipped`.
import { rmSync } from 'node:fs';
import { skipLines } from './needs.ts';
import { readTestReport, reportIn, type SkippedTest, TEST_TASKS, type TestTask } from './test-report.ts';
import { turbo } from './turbo.ts';

interface Plan {
  tasks: { task: string; command: string; directory: string }[];
}

const [task = 'test', ...options] = process.argv.slice(2).filter((arg) => arg !== '--');
if (!isTestTask(task)) throw new Error(`"${task}" is no test run: test or test:long`);

// As many packages at a time as there are cores: each has workers of its own.
const args = ['run', task, '--continue', '--concurrency=100%', ...options];
const plan = turbo([...args, '--dry=json'], 'capture');
if (plan.status !== 0) process.exit(plan.status ?? 1);
const directories = (JSON.parse(plan.stdout) as Plan).tasks
  .filter((planned) => planned.task === task && planned.command !== '<NONEXISTENT>')
  .map(({ directory }) => directory);
for (const directory of directories) rmSync(reportIn(directory, task), { force: true });

let status = turbo(args, 'show').status ?? 1;

const total = { passed: 0, failed: 0 };
const skipped: SkippedTest[] = [];
for (const directory of directories) {
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
