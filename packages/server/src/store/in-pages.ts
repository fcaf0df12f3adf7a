// Many deletions without a long pause: a few at a time, and others get their turn in between.
import { setImmediate } from 'node:timers/promises';

/** At most so many at a time. Of runs of 1,000 events each, SQLite deletes 10 in some 30 ms, and blocks the thread meanwhile. */
const PAGE = 10;

/** Calls `deleteSome` until it has deleted fewer than it may. It resolves with how many it has deleted. */
export async function inPages(deleteSome: (limit: number) => Promise<number>): Promise<void> {
  while ((await deleteSome(PAGE)) === PAGE) await setImmediate();
}
