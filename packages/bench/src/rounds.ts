// Rounds over all peers in turn, so that what slows the machine down for a while slows them all.
import { type FreshProcess, readFresh } from './fresh-process.ts';
import { median } from './median.ts';
import type { MetricName } from './metrics.ts';
import type { PeerName } from './peer.ts';
import type { Readings } from './scene.ts';
import type { Api } from './wire.ts';

export const APIS: readonly Api[] = ['chat', 'responses'];
export const OWN: readonly PeerName[] = ['fetch', 'openai', 'turnstream'];
export const OTHERS: readonly PeerName[] = ['ai', 'openai-agents', 'langgraph'];

/** What other libraries are measured by, in one round, over the one API that all of them were made for: they take long. */
const WITH_OTHERS: ReadonlySet<MetricName> = new Set(['burst', 'paced', 'first-update', 'run', 'stopped']);

/** What only one API has. */
const APIS_OF: Partial<Record<MetricName, readonly Api[]>> = { background: ['responses'] };

/** A start is read once in its process, so one process says little; what is counted is the same each time. */
const READINGS_A_ROUND: Partial<Record<MetricName, number>> = { start: 3, 'start-bundled': 3 };
const COUNTED: ReadonlySet<MetricName> = new Set(['promises', 'stopped', 'idle-session']);

/** Every reading of one metric, by who was measured. */
export class Series {
  readonly #readings = new Map<string, Readings[]>();

  add(name: string, readings: Readings): void {
    this.#readings.set(name, [...(this.#readings.get(name) ?? []), readings]);
  }

  /** In the order of the rounds; empty for somebody who was not measured. */
  values(name: string, key: string): readonly number[] {
    return (this.#readings.get(name) ?? []).map((readings) => readings[key] ?? Number.NaN);
  }

  median(name: string, key: string): number {
    return median(this.values(name, key));
  }
}

export interface Plan {
  readonly rounds: number;
  /** The other libraries that are installed. */
  readonly others: readonly PeerName[];
}

/** Takes all readings of one metric. */
export async function measureRounds(
  from: FreshProcess,
  metric: MetricName,
  { rounds, others }: Plan,
): Promise<ReadonlyMap<Api, Series>> {
  const times = COUNTED.has(metric) ? 1 : rounds * (READINGS_A_ROUND[metric] ?? 1);
  const all = new Map((APIS_OF[metric] ?? APIS).map((api) => [api, new Series()]));
  for (let round = 0; round < times; round += 1) {
    for (const [api, series] of all) {
      const peers = api === 'chat' && round === 0 && WITH_OTHERS.has(metric) ? [...OWN, ...others] : OWN;
      for (const peer of rotated(peers, round)) series.add(peer, await readFresh(from, metric, peer, api));
    }
  }
  return all;
}

/** Nobody always goes first. */
export function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
