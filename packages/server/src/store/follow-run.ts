// The events of a background run: those that are stored, then new ones, until the run ends.
import { AgentError } from '@turnstream/core';
import { isTerminal } from '../events/wire.ts';
import type { RunRecord } from './run-record.ts';
import type { RunStore, StoredEvent } from './run-store.ts';

const PAGE = 200;
/** Changes are announced at once; this poll finds those whose announcement was lost. */
const LOOK_MS = 1_000;

/** What following a run asks of its store. */
export type FollowedStore = Pick<RunStore, 'changed' | 'events' | 'look'>;

/**
 * Pages of the events after number `after`, each as soon as it is stored. Ends after the run's last event. Rejects with
 * the signal's reason, and with `not_found` when the run was deleted.
 */
export async function* followRun(
  runs: FollowedStore,
  { runId, owner }: Pick<RunRecord, 'owner' | 'runId'>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEvent[], undefined> {
  for (let seq = after; ; ) {
    signal.throwIfAborted();
    const change = runs.changed(runId, { timeoutMs: LOOK_MS, signal });
    // It may reject while the reader of a page is slow.
    change.catch(() => {});
    const page = await runs.events(runId, { after: seq, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) {
      await Promise.all([change, refuseDeleted(runs, runId, owner)]);
      continue;
    }
    yield page;
    if (isTerminal(last.event)) return;
    seq = last.seq;
  }
}

async function refuseDeleted(runs: FollowedStore, runId: string, owner: string): Promise<void> {
  if ((await runs.look(runId, { owner })) === null) throw new AgentError('not_found', 'The run was deleted.');
}
