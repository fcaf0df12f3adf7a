// A model whose waits a test moves on by hand: polling with vitest would move them too.
import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';

export function fakeTimeouts(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

/** Settles when the model waits again: its timer is the only one. */
export async function untilItWaits(): Promise<void> {
  while (vi.getTimerCount() === 0) await setImmediate();
}
