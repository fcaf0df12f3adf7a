// Deadlines for implementations that hang on purpose: short for what never happens, long for everything that does.
import { expect } from 'vitest';
import { type InTime, within } from '../../src/contracts/deadline.ts';

/** `never` is what the implementation keeps its check waiting for; null when it does not hang. */
export function impatientOf(never: string | null): InTime {
  const patient = within(50_000);
  return (promise, what) => (what === never ? within(50) : patient)(promise, what);
}

/** Expects a check to fail: because of `never`, or, when that is null, because of something it saw. */
export async function expectFound(check: Promise<unknown>, never: string | null): Promise<void> {
  const message = await check.then(
    () => 'nothing was found',
    // The script of a check that fails early is not used up: that is thrown too, and is not what was found.
    (error: Error) => (error instanceof SuppressedError ? error.suppressed.message : error.message),
  );
  if (never === null) expect(message).not.toMatch(/^nothing was found|Timed out/);
  else expect(message).toContain(`Timed out after 50 ms waiting for ${never}`);
}
