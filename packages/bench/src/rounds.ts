// Rounds over all peers in turn, so that what slows the machine down for a while slows them all.
import { readFresh } from './fresh-process.ts';
import { median } from './median.ts';
import type { MetricName } from './metrics.ts';
import type { PeerName } from './peer.ts';
import type { Compiled } from './published.ts';
import type { Readings } from './scene.ts';
import type { Api } from './wire.ts';

export const PEERS: readonly PeerName[] = ['fetch', 'openai', 'turnstream'];
export const APIS: readonly Api[] = ['chat', 'responses'];

/** A start is read once in its process, so one process says little. */
const READINGS_A_ROUND: Partial<Record<MetricName, number>> = { start: 7, 'start-bundled': 7 };

/** Every reading of one metric. */
export class Series {
  readonly #readings = new Map<string, Readings[]>();

  add(api: Api, peer: PeerName, readings: Readings): void {
    const key = `${api} ${peer}`;
    this.#readings.set(key, [...(this.#readings.get(key) ?? []), readings]);
  }

  median(api: Api, peer: PeerName, key: string): number {
    return median(this.values(api, peer, key));
  }

  values(api: Api, peer: PeerName, key: string): readonly number[] {
    return (this.#readings.get(`${api} ${peer}`) ?? []).map((readings) => readings[key] ?? Number.NaN);
  }
}

/** Takes all readings of one metric, from the files it is about. */
export async function measureRounds(compiled: Compiled, metric: MetricName, rounds: number): Promise<Series> {
  const series = new Series();
  const directory = metric === 'start-bundled' ? compiled.bundled : compiled.directory;
  for (let round = 0; round < rounds * (READINGS_A_ROUND[metric] ?? 1); round += 1) {
    for (const api of APIS) {
      for (const peer of rotated(PEERS, round)) series.add(api, peer, await readFresh(directory, metric, peer, api));
    }
  }
  return series;
}

/** Nobody always goes first. */
function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
