// The rows of the table: what is shown of each metric, and the bar our agent must stay under.
import type { MetricName } from './metrics.ts';

export interface Row {
  readonly title: string;
  readonly metric: MetricName;
  /** Of the readings. */
  readonly key: string;
  readonly unit: string;
  /** `ratio` to the fetch loop, `most` in the row's unit, or `exactly`. */
  readonly bar: { readonly kind: 'ratio' | 'most' | 'exactly'; readonly value: number };
}

const ratio = (value: number): Row['bar'] => ({ kind: 'ratio', value });
const most = (value: number): Row['bar'] => ({ kind: 'most', value });
const exactly = (value: number): Row['bar'] => ({ kind: 'exactly', value });

export const ROWS: readonly Row[] = [
  { title: 'CPU per update, burst of 500', metric: 'burst', key: 'cpuMicros', unit: 'us', bar: ratio(1.05) },
  { title: 'CPU per update, one per 10 ms', metric: 'paced', key: 'cpuMicros', unit: 'us', bar: ratio(1.0) },
  { title: 'time to first update', metric: 'first-update', key: 'wallMicros', unit: 'us', bar: ratio(0.85) },
  { title: 'CPU of one run()', metric: 'run', key: 'cpuMicros', unit: 'us', bar: ratio(0.85) },
  { title: 'CPU of a 1,000-turn session', metric: 'long-session', key: 'cpuMillis', unit: 'ms', bar: ratio(0.95) },
  { title: 'heap of an idle session', metric: 'idle-session', key: 'bytes', unit: 'B', bar: most(700) },
  { title: 'start to first word, CPU', metric: 'start', key: 'cpuMillis', unit: 'ms', bar: ratio(2.2) },
  { title: 'start to first word, wall', metric: 'start', key: 'wallMillis', unit: 'ms', bar: ratio(2.2) },
  { title: 'the same, bundled, CPU', metric: 'start-bundled', key: 'cpuMillis', unit: 'ms', bar: ratio(1.4) },
  { title: 'the same, bundled, wall', metric: 'start-bundled', key: 'wallMillis', unit: 'ms', bar: ratio(1.4) },
  { title: 'promises per update', metric: 'promises', key: 'count', unit: '', bar: most(6) },
  { title: 'with tools: CPU per update', metric: 'tools-burst', key: 'cpuMicros', unit: 'us', bar: ratio(1.2) },
  { title: 'with tools: promises per update', metric: 'tools-burst', key: 'count', unit: '', bar: most(6) },
  { title: 'CPU of a run with 5 tool rounds', metric: 'tool-rounds', key: 'cpuMicros', unit: 'us', bar: ratio(1.2) },
  { title: 'of 2,000 stopped, closed', metric: 'stopped', key: 'closed', unit: '', bar: exactly(2000) },
  { title: 'connections open after them', metric: 'stopped', key: 'connections', unit: '', bar: most(1) },
  { title: 'heap left by a stopped stream', metric: 'stopped', key: 'bytes', unit: 'B', bar: most(200) },
];
