// Runs `test` or `test:long` of every package through turbo; says at the end why tests were skipped, and counts in
// its last line: `N passed, N failed, N skipped`.
import { globSync, readFileSync, rmSync } from 'node:fs';
import { skipLines } from './needs.ts';
import { makeTestBundles } from './test-bundles.ts';
import { readTestReport, reportIn, type SkippedTest, TEST_TASKS, type TestTask } from './test-report.ts';
import { turbo } from './turbo.ts';

interface RunSummary {
  tasks: { task: string; command: string; directory: string }[];
}

/** Where turbo leaves the summary of a run. */
const SUMMARIES = '.turbo/runs';

const [task = 'test', ...options] = process.argv.slice(2).filter((arg) => arg !== '--');
if (!isTestTask(task)) throw new Error(`"${task}" is no test run: test or test:long`);

rmSync(SUMMARIES, { recursive: true, force: true });
for (const report of globSync(reportIn('{packages,tutorials}/*', task))) rmSync(report);
rmSync(reportIn('scripts', task), { force: true });

try {
  // vitest.long.ts loads no bundles.
  if (task === 'test') process.env['TEST_BUNDLES'] = await makeTestBundles();
} catch (error) {
  console.log('no bundles, so each test loads the sources one by one:', error);
}
// More packages at a time than there are cores: many of their tests wait for another process.
let status = turbo(['run', task, '--continue', '--concurrency=4', '--summarize', ...options]);
const directories = testedDirectories();

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

/** The packages that were to be tested; none when turbo did not get that far. */
function testedDirectories(): string[] {
  const [summary] = globSync(`${SUMMARIES}/*.json`);
  if (summary === undefined) {
    status ||= 1;
    return [];
  }
  const { tasks } = JSON.parse(readFileSync(summary, 'utf8')) as RunSummary;
  return tasks.filter((run) => run.task === task && run.command !== '<NONEXISTENT>').map(({ directory }) => directory);
}

function isTestTask(name: string): name is TestTask {
  return Object.hasOwn(TEST_TASKS, name);
}
