// What the reader of a run already had when this worker took over.
import type { SentEvents } from '../events/sent-events.ts';
import type { RunStore } from '../store/run-store.ts';

const PAGE = 1_000;

export async function takeSentBefore(sent: SentEvents, runs: RunStore, runId: string): Promise<void> {
  for (let after = 0, isWhole = false; !isWhole; ) {
    const page = await runs.events(runId, { after, limit: PAGE });
    for (const { event } of page) sent.take(event);
    after = page.at(-1)?.seq ?? after;
    isWhole = page.length < PAGE;
  }
}
