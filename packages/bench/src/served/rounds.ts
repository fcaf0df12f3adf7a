// Rounds over the servers in turn.
import { type FreshProcess, readServed } from '../fresh-process.ts';
import { rotated, Series } from '../rounds.ts';
import type { ServedMetricName } from './metrics.ts';
import { SERVERS } from './server.ts';
import type { Kept } from './store.ts';

/** Takes all readings of one metric. */
export async function measureServers(
  from: FreshProcess,
  { metric, kept }: { readonly metric: ServedMetricName; readonly kept: Kept },
  rounds: number,
): Promise<Series> {
  const series = new Series();
  for (let round = 0; round < rounds; round += 1) {
    for (const server of rotated(SERVERS, round)) series.add(server, await readServed(from, metric, server, kept));
  }
  return series;
}
