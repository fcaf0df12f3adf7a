// A run that waits for approval, and what is noted of it.
import { expect } from 'vitest';
import type { Claim, ServerStore } from '../../src/store/run-store.ts';
import { claimed, Notes, newRun, parked, token, update } from './fixtures.ts';

export async function parkedRun(store: ServerStore, changes: Parameters<typeof newRun>[0] = {}): Promise<Claim> {
  const claim = await claimed(store, changes);
  await store.runs.record(claim, [update('I will pay. ')], token('r1'));
  await store.runs.park(claim, parked());
  return claim;
}

export async function jobsOf({ runs }: ServerStore, count: number): Promise<string[]> {
  const notes = new Notes();
  const [run, callback] = [notes.work('run'), notes.work('callback')];
  await using _working = await runs.work({ run, callback, concurrency: 2 });
  return await notes.first(count);
}

export const expired = {
  type: 'error',
  code: 'approval_expired',
  message: expect.any(String),
  retryable: false,
  retryAfterMs: null,
};
