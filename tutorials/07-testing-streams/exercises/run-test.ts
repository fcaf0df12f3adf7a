// Runs the learner's test against one implementation that is right and several that are not: what the checks of this chapter share.
import { AssertionError } from 'node:assert';
import { expected, inTime } from '@turnstream/learn/check';

export type Test<Subject> = (subject: Subject) => Promise<void>;

/** Fails unless the test passes on `right` and fails on each of `broken`, which are named by their bugs. `limitMs` is for each run. */
export async function expectToFind<Subject>(
  test: Test<Subject>,
  right: Subject,
  broken: Readonly<Record<string, Subject>>,
  // Less than the runner's limit of 10 s, so that the learner sees this message and not the general one.
  limitMs = 7_000,
): Promise<void> {
  const complaint = await complaintOf(test, right, limitMs);
  expected('your test to pass when nothing is broken', complaint === null, `it failed: ${complaint}`);
  const slipped: string[] = [];
  for (const [bug, subject] of Object.entries(broken)) {
    if ((await complaintOf(test, subject, limitMs)) === null) slipped.push(bug);
  }
  const of = Object.keys(broken).length;
  const but = `${slipped.length} of ${of} slip through: ${slipped.join('; ')}`;
  expected('your test to fail on everything that is broken', slipped.length === 0, but);
}

/** The test's failure in one line; null when it passes. */
async function complaintOf<Subject>(test: Test<Subject>, subject: Subject, limitMs: number): Promise<string | null> {
  const running = test(subject).then(
    () => null,
    (error: unknown) => saidBy(error),
  );
  return inTime('your test to be done', running, limitMs);
}

function saidBy(error: unknown): string {
  // The message that Node writes has the values on further lines.
  if (error instanceof AssertionError && error.generatedMessage) {
    return `it got ${JSON.stringify(error.actual)} and wanted ${JSON.stringify(error.expected)}`;
  }
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join();
}
