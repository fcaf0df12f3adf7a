// After a test run: only tests that need a real model may have been skipped.
import { globSync } from 'node:fs';
import { readTestReport } from './test-report.ts';

const skipped = globSync(['{packages,tutorials}/*', 'scripts']).flatMap((directory) =>
  (readTestReport(directory)?.skipped ?? [])
    .filter((name) => !name.includes('real LLM'))
    .map((name) => `${directory}: ${name}`),
);
for (const name of skipped) console.error(`skipped, but not a real LLM test: ${name}`);
process.exit(skipped.length > 0 ? 1 : 0);
