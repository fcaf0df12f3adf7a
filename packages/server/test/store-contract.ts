// The promises of ServerStore as one suite that every back end runs.
import { describe } from 'vitest';
import { testsOfCancelling } from './store-contract-of-cancelling.ts';
import { testsOfChanges, testsOfChangesElsewhere } from './store-contract-of-changes.ts';
import { testsOfClaims } from './store-contract-of-claims.ts';
import { testsOfCreation } from './store-contract-of-creation.ts';
import { testsOfEnds } from './store-contract-of-ends.ts';
import { testsOfForgetting } from './store-contract-of-forgetting.ts';
import { testsOfJobs, testsOfRestarts, testsOfSharedJobs } from './store-contract-of-jobs.ts';
import type { OpenRig } from './store-fixtures.ts';

/** What a back end is there for: one process for one time, restarts, several processes at once. */
export type Reach = 'process' | 'restarts' | 'processes';

export function storeContract(name: string, openRig: OpenRig, { reach }: { readonly reach: Reach }): void {
  describe(`store contract: ${name}`, () => {
    testsOfCreation(openRig);
    testsOfCancelling(openRig);
    testsOfForgetting(openRig);
    testsOfClaims(openRig);
    testsOfEnds(openRig);
    testsOfChanges(openRig);
    testsOfJobs(openRig);
    if (reach !== 'process') testsOfRestarts(openRig);
    if (reach === 'processes') testsOfChangesElsewhere(openRig);
    if (reach === 'processes') testsOfSharedJobs(openRig);
  });
}
