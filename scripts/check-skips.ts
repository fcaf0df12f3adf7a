// After the test runs: only tests that need what .ci/run does not promise may have been skipped.
import { globSync } from 'node:fs';
import { NEEDS } from './needs.ts';
import { readTestReport, TEST_TASKS, type TestTask } from './test-report.ts';

const tasks = Object.keys(TEST_TASKS) as TestTask[];
const unexpected = globSync(['{packages,tutorials}/*', 'scripts']).flatMap((directory) =>
  tasks
    .flatMap((task) => readTestReport(directory, task)?.skipped ?? [])
    .filter(({ need }) => need === undefined || NEEDS[need].isInCi)
    .map(({ name, need }) => `${directory}: ${name} (${need === undefined ? 'no reason given' : NEEDS[need].missing})`),
);
for (const test of unexpected) console.error(`skipped, and must not be: ${test}`);
process.exit(unexpected.length > 0 ? 1 : 0);
