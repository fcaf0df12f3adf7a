// The rows of the table: what is shown of each metric, and the bar our agent must stay under.
import type { MetricName } from './metrics.ts';
import type { ServedMetricName } from './served/metrics.ts';
import type { Kept } from './served/store.ts';

export interface Row {
  readonly title: string;
  /** Of the readings. */
  readonly key: string;
  readonly unit: string;
  /** `ratio` to the floor, `most` in the row's unit, or `exactly`. */
  readonly bar: { readonly kind: 'ratio' | 'most' | 'exactly'; readonly value: number } | { readonly kind: 'none' };
}

export interface ClientRow extends Row {
  readonly metric: MetricName;
}

export interface ServedRow extends Row {
  readonly metric: ServedMetricName;
  /** Where ours keeps its conversations. */
  readonly kept: Kept;
}

const ratio = (value: number): Row['bar'] => ({ kind: 'ratio', value });
const most = (value: number): Row['bar'] => ({ kind: 'most', value });
const exactly = (value: number): Row['bar'] => ({ kind: 'exactly', value });

const none: Row['bar'] = { kind: 'none' };

export const ROWS: readonly ClientRow[] = [
  { title: 'CPU per update, burst of 500', metric: 'burst', key: 'cpuMicros', unit: 'us', bar: ratio(1.05) },
  { title: 'the same, half of it reasoning', metric: 'reasoned', key: 'cpuMicros', unit: 'us', bar: ratio(1.2) },
  { title: 'CPU per update, one per 10 ms', metric: 'paced', key: 'cpuMicros', unit: 'us', bar: ratio(1.0) },
  { title: 'time to first update', metric: 'first-update', key: 'wallMicros', unit: 'us', bar: ratio(0.85) },
  { title: 'CPU of one run()', metric: 'run', key: 'cpuMicros', unit: 'us', bar: ratio(0.85) },
  { title: 'CPU of a run in the background', metric: 'background', key: 'cpuMicros', unit: 'us', bar: ratio(1.0) },
  {
    title: 'over TLS: CPU per update, burst of 500',
    metric: 'burst-tls',
    key: 'cpuMicros',
    unit: 'us',
    bar: ratio(1.05),
  },
  { title: 'over TLS: CPU of one run()', metric: 'run-tls', key: 'cpuMicros', unit: 'us', bar: ratio(0.85) },
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

const perEvent = { key: 'perEvent', unit: 'us', kept: 'sqlite' } as const;
const perRequest = { key: 'perRequest', unit: 'us', kept: 'sqlite' } as const;
const perSecond = { key: 'requestsPerSecond', unit: '/s', bar: none } as const;

export const SERVED_ROWS: readonly ServedRow[] = [
  { title: 'CPU per event, all of them there', metric: 'flood', ...perEvent, bar: ratio(1.2) },
  { title: 'CPU per event, 500 streams, 10 a second', metric: 'paced-streams', ...perEvent, bar: ratio(1.3) },
  { title: 'CPU per event, 5,000 streams, 1 a second', metric: 'many-streams', ...perEvent, bar: ratio(1.5) },
  { title: 'memory of each', metric: 'many-streams', key: 'kilobytesPerReader', unit: 'kB', kept: 'sqlite', bar: none },
  { title: 'CPU of a stream of 20 words, nothing kept', metric: 'short', ...perRequest, bar: ratio(2.5) },
  { title: 'CPU of a new conversation on SQLite', metric: 'short-kept', ...perRequest, bar: none },
  { title: 'new conversations on SQLite', metric: 'short-kept', kept: 'sqlite', ...perSecond },
  { title: 'CPU of a new conversation on Postgres', metric: 'short-kept', ...perRequest, kept: 'postgres', bar: none },
  { title: 'new conversations on Postgres', metric: 'short-kept', kept: 'postgres', ...perSecond },
  { title: 'CPU of a turn after 200 on SQLite', metric: 'long-kept', ...perRequest, bar: none },
  { title: 'turns after 200 on SQLite', metric: 'long-kept', kept: 'sqlite', ...perSecond },
  { title: 'CPU of a turn after 200 on Postgres', metric: 'long-kept', ...perRequest, kept: 'postgres', bar: none },
  { title: 'turns after 200 on Postgres', metric: 'long-kept', kept: 'postgres', ...perSecond },
];
