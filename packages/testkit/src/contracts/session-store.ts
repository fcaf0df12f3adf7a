// The promises of core's SessionStore as one suite, which any implementation runs with one call.
import { describe, test } from 'vitest';
import { type ContractOptions, GRACE_MS, type InTime, within } from './deadline.ts';
import {
  checksOfExpiry,
  checksOfOwners,
  checksOfSavedSessions,
  type SessionStoreChecks,
  type SessionStoreRig,
} from './session-store-checks.ts';

export const sessionStoreChecks: SessionStoreChecks = {
  ...checksOfSavedSessions,
  ...checksOfOwners,
  ...checksOfExpiry,
};

/** Makes an empty store for each check. */
type MakeSessionStore = () => SessionStoreRig | Promise<SessionStoreRig>;

/**
 * Registers the suite with vitest. `makeStore` is called for each check and returns an empty store.
 *
 * @example
 * sessionStoreContract('memory', () => ({ sessions: new MemorySessions() }));
 */
export function sessionStoreContract(
  name: string,
  makeStore: MakeSessionStore,
  { deadlineMs = 30_000 }: ContractOptions = {},
): void {
  describe(`session store contract: ${name}`, () => {
    for (const [sentence, check] of Object.entries(sessionStoreChecks)) {
      test(sentence, { timeout: deadlineMs + GRACE_MS }, () => runStoreCheck(check, makeStore, within(deadlineMs)));
    }
  });
}

export async function runStoreCheck(
  check: SessionStoreChecks[string],
  makeStore: MakeSessionStore,
  inTime: InTime,
): Promise<void> {
  const rig = await makeStore();
  try {
    await inTime(check(rig, inTime), 'the store');
  } finally {
    await rig[Symbol.asyncDispose]?.();
  }
}
