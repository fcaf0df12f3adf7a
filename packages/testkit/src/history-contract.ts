// The promises of core's HistoryProvider as one suite that any implementation runs in a call.
import { afterAll, describe, test } from 'vitest';
import type { HistoryChecks, MakeHistory } from './history-check.ts';
import { checksOfHostileContents, checksOfHostileIds } from './history-checks-of-hostility.ts';
import {
  checksOfKills,
  checksOfProcesses,
  checksOfRestarts,
  checksOfSpoiledRecords,
} from './history-checks-of-storage.ts';
import { checksOfLastTurns, checksOfTurns } from './history-checks-of-turns.ts';
import { checksOfConcurrency, checksOfConflicts } from './history-checks-of-versions.ts';

export interface HistoryCapability {
  readonly name: string;
  readonly checks: HistoryChecks;
  /** What the rig has to offer for these checks. */
  readonly needs?: 'reopen' | 'spoil' | 'otherProcess';
}

export const historyCapabilities: readonly HistoryCapability[] = [
  { name: 'turns whole and in order', checks: checksOfTurns },
  { name: 'last turns', checks: checksOfLastTurns },
  { name: 'conflicts refused', checks: checksOfConflicts },
  { name: 'concurrent appends', checks: checksOfConcurrency },
  { name: 'hostile ids', checks: checksOfHostileIds },
  { name: 'hostile contents', checks: checksOfHostileContents },
  { name: 'restart', checks: checksOfRestarts, needs: 'reopen' },
  { name: 'spoiled records', checks: checksOfSpoiledRecords, needs: 'spoil' },
  { name: 'two processes', checks: checksOfProcesses, needs: 'otherProcess' },
  { name: 'kill in mid-append', checks: checksOfKills, needs: 'otherProcess' },
];

/** A check of a hundred kills starts a hundred processes. */
const CHECK_TIMEOUT_MS = 60_000;

/**
 * Registers the suite with vitest, and prints what the store can do when it is through. `makeHistory` is called for each
 * check and gives an empty store.
 *
 * @example
 * historyContract('memory', () => ({ history: new MemoryHistory() }));
 */
export function historyContract(name: string, makeHistory: MakeHistory): void {
  describe(`history contract: ${name}`, () => {
    const table = new Map<string, string>();
    for (const capability of historyCapabilities) {
      for (const [sentence, check] of Object.entries(capability.checks)) {
        test(sentence, { timeout: CHECK_TIMEOUT_MS }, async ({ skip }) => {
          const rig = await makeHistory();
          try {
            const { needs } = capability;
            if (needs !== undefined && rig[needs] === undefined) {
              table.set(capability.name, 'not offered');
              skip(`the store offers no ${needs}`);
            }
            const soFar = table.get(capability.name) ?? 'yes';
            table.set(capability.name, 'FAILED');
            const counted = await check(rig);
            table.set(capability.name, counted === undefined || soFar === 'FAILED' ? soFar : `yes: ${counted}`);
          } finally {
            await rig[Symbol.asyncDispose]?.();
          }
        });
      }
    }
    afterAll(() => {
      if (table.size === 0) return;
      const lines = [...table].map(([capability, outcome]) => `  ${capability.padEnd(26)}${outcome}`);
      process.stdout.write(`\nhistory contract: ${name}\n${lines.join('\n')}\n`);
    });
  });
}
