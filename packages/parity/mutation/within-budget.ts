// Chooses the tests that try each mutant: running all of them would take hours.
import type { Mutant } from './instrument.ts';
import type { Covered, Plan } from './warm-runner.ts';

/** The total cost allowed for the tests of one mutant, in milliseconds of CPU. */
export const BUDGET_MS = 30_000;

/** Limits each mutant to the tests in its own room, then the quickest others, until the budget is spent. */
export function withinBudget(plan: Plan, mutants: readonly Mutant[]): Plan {
  const kept: Record<string, Covered> = {};
  for (const { id, file } of mutants) {
    let left = BUDGET_MS;
    const tests = Object.entries(plan)
      .flatMap(([test, covered]) => {
        const times = covered.hits[id];
        if (times === undefined) return [];
        return [{ test, covered, times, near: sharedFolders(covered.file, file), cost: costOf(covered) }];
      })
      .toSorted((one, other) => other.near - one.near || one.cost - other.cost);
    for (const [index, { test, covered, times, cost }] of tests.entries()) {
      if (index > 0 && cost > left) continue;
      left -= cost;
      const { hits } = (kept[test] ??= { ...covered, hits: {} });
      hits[id] = times;
    }
  }
  return kept;
}

/** A test that waits for a clock costs a little of its time as well. */
function costOf({ cpuMs, ms }: Covered): number {
  return cpuMs + ms / 20;
}

/** How many folders `test/run/turn.test.ts` and `run/turn.ts` have in common. */
function sharedFolders(test: string, source: string): number {
  const rooms = source.split('/').slice(0, -1);
  const folders = test.split('/').slice(1, -1);
  const differing = rooms.findIndex((room, index) => room !== folders[index]);
  return differing === -1 ? rooms.length : differing;
}
