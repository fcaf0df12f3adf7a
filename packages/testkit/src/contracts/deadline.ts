// How long a check waits: an implementation that hangs has broken its contract too.
import { setTimeout } from 'node:timers/promises';

/** Options that every contract takes. */
export interface ContractOptions {
  /**
   * How long one check may take, in milliseconds. After that it fails and names what it was waiting for. The default
   * suits a busy machine; a correct implementation never reaches it.
   */
  readonly deadlineMs?: number;
}

/** Waits for a promise. Rejects, naming `what`, when it does not settle in time. */
export type InTime = <Value>(promise: PromiseLike<Value>, what: string) => Promise<Value>;

/** Extra time for the test around a check, so that the deadline, which names what was missing, fires first. */
export const GRACE_MS = 5_000;

/** A check timed out waiting for something. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor(deadlineMs: number, what: string) {
    super(`Timed out after ${deadlineMs} ms waiting for ${what}. On a slow machine, raise deadlineMs.`);
  }
}

/**
 * One deadline, starting now, shared by several waits. When it passes, it names the latest wait, which is the
 * innermost.
 */
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

/** Polls until the condition holds. */
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
