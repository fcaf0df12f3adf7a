// Many streams at once for a while, of which every fifth reader vanishes in the middle: what is left behind afterwards.
// Run: node bench/soak.ts [--streams 200] [--seconds 120]
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { streamChat } from '../src/client/index.ts';
import { percentile, positive, row, slope } from './figures.ts';
import { forkServer } from './fork-server.ts';
import { openPlace } from './place.ts';
import { startTimedModel } from './timed-model.ts';

const WORDS = 60;
const EVERY_MS = 100;
const VANISHING = 0.2;
const AFTERWARDS_MS = 3_000;
const MIB = 2 ** 20;

const { values } = parseArgs({
  options: { streams: { type: 'string', default: '200' }, seconds: { type: 'string', default: '120' } },
});
const streams = positive('streams', values.streams);
const seconds = positive('seconds', values.seconds);

await using model = await startTimedModel({ words: WORDS, everyMs: EVERY_MS });
await using place = await openPlace('sqlite');
await using served = await forkServer(model.baseURL, place);
const delays: number[] = [];
const counts = { whole: 0, vanished: 0, failed: 0 };
const end = new AbortController();

const readers = Array.from({ length: streams }, (_, index) => read(index));
const heap = await heapWhile(seconds * 1_000);
const openAtTheEnd = model.open;
end.abort();
await Promise.all(readers);
await sleep(AFTERWARDS_MS);

console.log(`${streams} streams at once for ${seconds} s, a word each ${EVERY_MS} ms, every fifth reader vanishes.\n`);
console.log(row('answers read whole', counts.whole, ''));
console.log(row('readers that vanished', counts.vanished, ''));
console.log(row('answers that failed', counts.failed, '', 0));
console.log(row('model connections while it lasted', openAtTheEnd, ''));
console.log(row(`model connections ${AFTERWARDS_MS / 1_000} s after the last reader left`, model.open, '', 0));
console.log(row('delay of an event between model and reader, p50', percentile(delays, 0.5), 'ms'));
console.log(row('delay of an event between model and reader, p99', percentile(delays, 0.99), 'ms'));
console.log(row('live heap of the server at the end', (heap.at(-1)?.y ?? Number.NaN) / MIB, 'MiB'));
// It fills in the first half, with what is compiled and cached.
const settled = heap.slice(Math.floor(heap.length / 2));
console.log(row('its growth in the second half', (slope(settled) / MIB) * 60_000, 'MiB/min', 1));

/** One reader after another in one place. */
async function read(index: number): Promise<void> {
  // They begin spread over one answer's time.
  await sleep((index / streams) * WORDS * EVERY_MS, undefined, { signal: end.signal }).catch(() => {});
  for (let number = index; !end.signal.aborted; number += 1) {
    const leavesAfter = number % (1 / VANISHING) === 0 ? 1 + (number % WORDS) : Number.POSITIVE_INFINITY;
    await readOne(leavesAfter);
  }
}

async function readOne(leavesAfter: number): Promise<void> {
  let words = 0;
  try {
    for await (const event of streamChat({ ...served, message: 'Go', signal: end.signal })) {
      if (event.type !== 'update') continue;
      delays.push(performance.now() - Number(event.text));
      words += 1;
      if (words >= leavesAfter) break;
    }
    if (words >= leavesAfter) counts.vanished += 1;
    else counts.whole += 1;
  } catch {
    if (!end.signal.aborted) counts.failed += 1;
  }
}

async function heapWhile(durationMs: number): Promise<{ x: number; y: number }[]> {
  const startedAt = performance.now();
  const points: { x: number; y: number }[] = [];
  const betweenMs = Math.min(5_000, durationMs / 4);
  while (performance.now() - startedAt < durationMs) {
    await sleep(betweenMs);
    points.push({ x: performance.now() - startedAt, y: (await served.memory()).liveBytes });
  }
  return points;
}
