// Reads the JSON reports that the packages' test runs leave behind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NEEDS, type NeedName } from './needs.ts';

/** The two test runs of a package: the one to wait for, and the one that needs minutes. */
export const TEST_TASKS = { test: 'report.json', 'test:long': 'long-report.json' } as const;
export type TestTask = keyof typeof TEST_TASKS;

/** Where a package's test run writes its report; turbo stores it and brings it back on a cache hit. */
export const reportIn = (directory: string, task: TestTask): string => join(directory, '.vitest', TEST_TASKS[task]);

export interface TestReport {
  passed: number;
  /** Names of the failed tests, and of each test file that could not be run at all. */
  failed: string[];
  skipped: SkippedTest[];
}

export interface SkippedTest {
  name: string;
  /** What it needs and this machine lacks; undefined when the test does not say. */
  need: NeedName | undefined;
}

interface VitestReport {
  testResults: {
    name: string;
    status: string;
    assertionResults: { status: string; fullName: string; tags: string[] }[];
  }[];
}

/** The report of one package, or `undefined` when no test ran (it crashed, never started, or has none). */
export function readTestReport(directory: string, task: TestTask): TestReport | undefined {
  let text: string;
  try {
    text = readFileSync(reportIn(directory, task), 'utf8');
  } catch {
    return undefined;
  }
  const { testResults } = JSON.parse(text) as VitestReport;
  if (testResults.length === 0) return undefined;
  const report: TestReport = { passed: 0, failed: [], skipped: [] };
  for (const file of testResults) {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    report.failed.push(...(failed.length > 0 || file.status !== 'failed' ? failed : [file.name]));
    for (const { status, fullName, tags } of file.assertionResults) {
      if (status === 'passed') report.passed += 1;
      else if (status !== 'failed') report.skipped.push({ name: fullName, need: tags.find(isNeed) });
    }
  }
  return report;
}

function isNeed(tag: string): tag is NeedName {
  return Object.hasOwn(NEEDS, tag);
}
