// What serving streams costs the server's process.
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicros } from '../cpu-time.ts';
import type { Readings } from '../scene.ts';
import type { Conversation } from './readers.ts';
import { Reading } from './reading.ts';
import type { Served } from './server.ts';
import type { Script } from './words.ts';

export type ServedMetric = (served: Pick<Served, 'port' | 'token'>) => Promise<Readings>;

const WORDS_20: Script = { words: 20, everyMs: 0 };
const SHORT = { readers: 16, warmUp: 100, each: 200, script: WORDS_20 };
const ENDLESS = 1_000_000;

export type ServedMetricName = 'flood' | 'paced-streams' | 'many-streams' | 'short' | 'short-kept' | 'long-kept';

export const SERVED_METRICS: Readonly<Record<ServedMetricName, ServedMetric>> = {
  flood: answers({ readers: 10, warmUp: 5, each: 40, script: { words: 5_000, everyMs: 0 } }),
  'paced-streams': streams({ readers: 500, everyMs: 100, forMs: 4_000 }),
  'many-streams': streams({ readers: 5_000, everyMs: 1_000, forMs: 4_000 }),
  short: answers(SHORT),
  // One user's, whose sessions are counted for each new one.
  'short-kept': answers({ ...SHORT, warmUp: 20, each: 40, conversation: 'new' }),
  'long-kept': answers({ readers: 8, warmUp: 200, each: 20, script: WORDS_20, conversation: 'continued' }),
};

interface Answers {
  readonly readers: number;
  /** Answers of each reader, before and while it is measured. */
  readonly warmUp: number;
  readonly each: number;
  readonly script: Script;
  readonly conversation?: Conversation;
}

/** Readers that read one whole answer after another. */
function answers({ readers, warmUp, each, script, conversation = 'sent' }: Answers): ServedMetric {
  return async ({ port, token }) => {
    using reading = new Reading();
    const order = { kind: 'answers', asked: { port, token, script, conversation }, readers } as const;
    const before = await reading.send({ ...order, each: warmUp });
    let read = 0;
    const startedAt = performance.now();
    const micros = await cpuMicros(async () => (read = (await reading.send({ ...order, each })) - before));
    const wallSeconds = (performance.now() - startedAt) / 1_000;
    const requests = readers * each;
    checkCount(read, requests * (script.words + 2));
    return { perEvent: micros / read, perRequest: micros / requests, requestsPerSecond: requests / wallSeconds };
  };
}

interface Streams {
  readonly readers: number;
  readonly everyMs: number;
  readonly forMs: number;
}

/** Streams that are all open while it is measured. */
function streams({ readers, everyMs, forMs }: Streams): ServedMetric {
  return async ({ port, token }) => {
    using reading = new Reading();
    const script = { words: ENDLESS, everyMs };
    const empty = process.memoryUsage.rss();
    await reading.send({ kind: 'streams', asked: { port, token, script, conversation: 'sent' }, readers });
    await sleep(everyMs);
    const perReader = (process.memoryUsage.rss() - empty) / readers;
    const before = await reading.send({ kind: 'count' });
    const micros = await cpuMicros(() => sleep(forMs));
    const read = (await reading.send({ kind: 'count' })) - before;
    return { perEvent: micros / read, kilobytesPerReader: perReader / 1_000 };
  };
}

/** A server that sends less does less: the session, the words and the end of each answer must have come. */
function checkCount(read: number, sent: number): void {
  if (read !== sent) throw new Error(`${read} events were read of ${sent}.`);
}
