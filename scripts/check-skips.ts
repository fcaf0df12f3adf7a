// After the test runs: only tests that need a real model may have been skipped.
import { globSync } from 'node:fs';
import { readTestReport, TEST_TASKS, type TestTask } from './test-report.ts';

const tasks = Object.keys(TEST_TASKS) as TestTask[];
const skippedIn = (directory: string): string[] =>
  tasks.flatMap((task) => readTestReport(directory, task)?.skipped ?? []);

const skipped = globSync(['{packages,tutorials}/*', 'scripts']).flatMap((directory) =>
  skippedIn(directory)
    .filter((name) => !name.includes('real LLM'))
    .map((name) => `${directory}: ${name}`),
);
for (const name of skipped) console.error(`skipped, but not a real LLM test: ${name}`);
process.exit(skipped.length > 0 ? 1 : 0);
