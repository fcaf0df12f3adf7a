// The promises of ServerStore as one suite that every back end runs.
import { describe } from 'vitest';
import { testsOfAnsweringRuns } from './contract-of-answering-runs.ts';
import { testsOfApprovals } from './contract-of-approvals.ts';
import { testsOfCancelling } from './contract-of-cancelling.ts';
import { testsOfChanges, testsOfChangesElsewhere } from './contract-of-changes.ts';
import { testsOfClaims } from './contract-of-claims.ts';
import { testsOfCreation } from './contract-of-creation.ts';
import { testsOfEnds } from './contract-of-ends.ts';
import { testsOfForgetting } from './contract-of-forgetting.ts';
import { testsOfGivenUpRuns } from './contract-of-given-up-runs.ts';
import { testsOfJobs, testsOfRestarts, testsOfSharedJobs } from './contract-of-jobs.ts';
import { testsOfPages } from './contract-of-pages.ts';
import { testsOfSessions } from './contract-of-sessions.ts';
import { testsOfWrites } from './contract-of-writes.ts';
import type { OpenRig } from './fixtures.ts';

/** What a back end is there for: one process for one time, restarts, several processes at once. */
export type Reach = 'process' | 'restarts' | 'processes';

export function storeContract(name: string, openRig: OpenRig, { reach }: { readonly reach: Reach }): void {
  describe(`store contract: ${name}`, () => {
    testsOfCreation(openRig);
    testsOfCancelling(openRig);
    testsOfPages(openRig);
    testsOfForgetting(openRig);
    testsOfSessions(openRig);
    testsOfClaims(openRig);
    testsOfEnds(openRig);
    testsOfChanges(openRig);
    testsOfApprovals(openRig);
    testsOfAnsweringRuns(openRig, { restarts: reach !== 'process' });
    testsOfGivenUpRuns(openRig);
    if (reach !== 'process') testsOfWrites(openRig);
    if (reach === 'processes') testsOfChangesElsewhere(openRig);
    // They wait for seconds, each in tables of its own.
    describe.concurrent('jobs', () => {
      testsOfJobs(openRig);
      if (reach !== 'process') testsOfRestarts(openRig);
      if (reach === 'processes') testsOfSharedJobs(openRig);
    });
  });
}
