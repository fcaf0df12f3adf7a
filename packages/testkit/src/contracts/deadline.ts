// How long a check waits for what may never come: an implementation that hangs has broken a promise too.
import { setTimeout } from 'node:timers/promises';

/** What every contract takes beside its name and what it checks. */
export interface ContractOptions {
  /**
   * How long one check may take, in milliseconds. A check that is still waiting then fails and says what for. The default
   * is long enough for a busy machine, and an implementation that works never waits for it.
   */
  readonly deadlineMs?: number;
}

/** Waits for a promise. Rejects when `what` it stands for does not happen in time. */
export type InTime = <Value>(promise: PromiseLike<Value>, what: string) => Promise<Value>;

/** How much longer a test may take than its check: the deadline comes first, because it names what was missing. */
export const GRACE_MS = 5_000;

/** What a check was waiting for did not happen. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor(deadlineMs: number, what: string) {
    super(`Timed out after ${deadlineMs} ms waiting for ${what}. On a slow machine, raise deadlineMs.`);
  }
}

/** One deadline from now on, whatever waits with it. Of several waits the latest is named: it is the innermost. */
export function within(deadlineMs: number): InTime {
  const endsAt = performance.now() + deadlineMs;
  const waits: string[] = [];
  return async (promise, what) => {
    const settled = new AbortController();
    const { signal } = settled;
    const late = setTimeout(Math.max(0, endsAt - performance.now()), undefined, { signal }).then(() => {
      throw new TimedOut(deadlineMs, waits.at(-1) ?? what);
    });
    waits.push(what);
    try {
      return await Promise.race([promise, late]);
    } finally {
      waits.splice(waits.lastIndexOf(what), 1);
      settled.abort();
      late.catch(() => {});
    }
  };
}

/** Asks again and again until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, inTime: InTime, what: string): Promise<void> {
  const waiting = new AbortController();
  const asking = async (): Promise<void> => {
    while (!waiting.signal.aborted && !(await isSo())) await setTimeout(5);
  };
  try {
    await inTime(asking(), what);
  } finally {
    waiting.abort();
  }
}
