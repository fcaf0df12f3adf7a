// One server for several tests that do not interfere.
import { afterAll, beforeAll } from 'vitest';
import { openRig, type Rig, type RigOptions } from './app-rig.ts';

/** Open while the tests of the file run, or of the `describe` that this is called in. */
export function sharedRig({ ceilings, ...options }: RigOptions = {}): () => Rig {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig({ ceilings: { requestsPerMinute: 1_000, ...ceilings }, ...options });
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  return () => rig;
}
