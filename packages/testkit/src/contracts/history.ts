// The promises of core's HistoryProvider as one suite, which any implementation runs with one call.
import { afterAll, describe, test } from 'vitest';
import { type ContractOptions, GRACE_MS, type InTime, within } from './deadline.ts';
import type { HistoryChecks, MakeHistory } from './history-check.ts';
import { checksOfHostileContents, checksOfHostileIds } from './history-checks-of-hostility.ts';
import { checksOfKilledTruncates, checksOfTruncatingProcesses } from './history-checks-of-killed-truncates.ts';
import {
  checksOfKills,
  checksOfProcesses,
  checksOfRestarts,
  checksOfSpoiledRecords,
} from './history-checks-of-storage.ts';
import {
  checksOfRacingTruncates,
  checksOfTruncates,
  checksOfTruncatesAndRestarts,
} from './history-checks-of-truncates.ts';
import { checksOfLastTurns, checksOfTurns } from './history-checks-of-turns.ts';
import { checksOfConcurrency, checksOfConflicts } from './history-checks-of-versions.ts';

/** Capabilities a rig may lack; the checks that need them are left out. */
export type HistoryMeans = 'reopen' | 'spoil' | 'otherProcess';

export type HistoryCapabilityName =
  | 'turns whole and in order'
  | 'last turns'
  | 'conflicts refused'
  | 'concurrent appends'
  | 'turns taken back'
  | 'concurrent truncates'
  | 'hostile ids'
  | 'hostile contents'
  | 'restart'
  | 'restart after a truncate'
  | 'corrupt records'
  | 'two processes'
  | 'two processes that truncate'
  | 'kill in mid-append'
  | 'kill in mid-truncate';

export interface HistoryCapability {
  readonly name: HistoryCapabilityName;
  readonly checks: HistoryChecks;
  readonly needs?: HistoryMeans;
}

export const historyCapabilities: readonly HistoryCapability[] = [
  { name: 'turns whole and in order', checks: checksOfTurns },
  { name: 'last turns', checks: checksOfLastTurns },
  { name: 'conflicts refused', checks: checksOfConflicts },
  { name: 'concurrent appends', checks: checksOfConcurrency },
  { name: 'turns taken back', checks: checksOfTruncates },
  { name: 'concurrent truncates', checks: checksOfRacingTruncates },
  { name: 'hostile ids', checks: checksOfHostileIds },
  { name: 'hostile contents', checks: checksOfHostileContents },
  { name: 'restart', checks: checksOfRestarts, needs: 'reopen' },
  { name: 'restart after a truncate', checks: checksOfTruncatesAndRestarts, needs: 'reopen' },
  { name: 'corrupt records', checks: checksOfSpoiledRecords, needs: 'spoil' },
  { name: 'two processes', checks: checksOfProcesses, needs: 'otherProcess' },
  { name: 'two processes that truncate', checks: checksOfTruncatingProcesses, needs: 'otherProcess' },
  { name: 'kill in mid-append', checks: checksOfKills, needs: 'otherProcess' },
  { name: 'kill in mid-truncate', checks: checksOfKilledTruncates, needs: 'otherProcess' },
];

/** Options of `historyContract`. */
export interface HistoryContractOptions extends ContractOptions {
  /** Capabilities the rig lacks. It must have all others. */
  readonly without?: readonly HistoryMeans[];
  /** Checks only this capability, for a long series; all of them by default. */
  readonly only?: HistoryCapabilityName;
}

/**
 * Registers the suite with vitest, and prints what the store can do at the end. `makeHistory` is called for each check
 * and returns an empty store. A check may take `deadlineMs`, two minutes by default, because each kill starts a
 * process.
 *
 * @example
 * historyContract('memory', () => ({ history: new MemoryHistory() }), { without: ['reopen', 'spoil', 'otherProcess'] });
 */
export function historyContract(
  name: string,
  makeHistory: MakeHistory,
  { without = [], only, deadlineMs = 120_000 }: HistoryContractOptions = {},
): void {
  describe(`history contract: ${name}`, () => {
    const table = new Map<string, string>();
    for (const capability of historyCapabilities) {
      if (only !== undefined && capability.name !== only) continue;
      const { needs } = capability;
      if (needs !== undefined && without.includes(needs)) {
        table.set(capability.name, 'not offered');
        continue;
      }
      for (const [sentence, check] of Object.entries(capability.checks)) {
        test(sentence, { timeout: deadlineMs + GRACE_MS }, async () => {
          const soFar = table.get(capability.name) ?? 'yes';
          table.set(capability.name, 'FAILED');
          const counted = await runHistoryCheck(capability, check, makeHistory, within(deadlineMs));
          table.set(capability.name, counted === undefined || soFar === 'FAILED' ? soFar : `yes: ${counted}`);
        });
      }
    }
    afterAll(() => {
      const lines = [...table].map(([capability, outcome]) => `  ${capability.padEnd(28)}${outcome}`);
      process.stdout.write(`\nhistory contract: ${name}\n${lines.join('\n')}\n`);
    });
  });
}

/** Resolves with what the check counted. */
export async function runHistoryCheck(
  { needs }: Pick<HistoryCapability, 'needs'>,
  check: HistoryChecks[string],
  makeHistory: MakeHistory,
  inTime: InTime,
): Promise<string | void> {
  const rig = await makeHistory();
  try {
    if (needs !== undefined && rig[needs] === undefined)
      throw new Error(`the rig has no ${needs}: add it, or say without: ['${needs}']`);
    return await inTime(check(rig), 'the store');
  } finally {
    await rig[Symbol.asyncDispose]?.();
  }
}
