// The promises of core's SessionStore as one suite that any implementation runs in a call.
import { describe, test } from 'vitest';
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

/**
 * Registers the suite with vitest. `makeStore` is called for each check and gives an empty store.
 *
 * @example
 * sessionStoreContract('memory', () => ({ sessions: new MemorySessions() }));
 */
export function sessionStoreContract(name: string, makeStore: () => SessionStoreRig | Promise<SessionStoreRig>): void {
  describe(`session store contract: ${name}`, () => {
    for (const [sentence, check] of Object.entries(sessionStoreChecks)) {
      test(sentence, { timeout: 20_000 }, async () => {
        const rig = await makeStore();
        try {
          await check(rig);
        } finally {
          await rig[Symbol.asyncDispose]?.();
        }
      });
    }
  });
}
