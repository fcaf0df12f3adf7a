// Every cell over one history, and what the article claims of them.
import { startDemoModel } from '@turnstream/testkit/demo';
import { type Service, type SessionUse, serviceNames, sessionUses, type Verb, verbNames } from './axes.ts';
import { play, type Seen } from './cell.ts';
import { type Store, stores } from './stores.ts';

export interface Played {
  readonly verb: Verb;
  readonly sessionUse: SessionUse;
  readonly service: Service;
  readonly seen: Seen;
}

/** Null when the database of this history does not answer. */
export async function playAll(store: Store): Promise<readonly Played[] | null> {
  await using open = await stores[store]();
  if (open === null) return null;
  await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0, queuedMs: 0 } });
  const played: Played[] = [];
  for (const service of serviceNames)
    for (const verb of verbNames)
      for (const sessionUse of sessionUses) {
        const cell = { verb, sessionUse, service };
        played.push({ ...cell, seen: await play(cell, open.history, model) });
      }
  return played;
}
