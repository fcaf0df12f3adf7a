// What streamed background runs cost their server: how much longer /healthz takes meanwhile than that of an idle server
// beside it, which feels the load of the machine too, and what an update writes, early and late in an answer. Postgres is the one that DATABASE_URL names. What it writes is counted for the whole database server,
// so nothing else should use it. Run: node bench/background.ts [--store sqlite] [--runs 8] [--words 2000] [--every 10]
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startRun, watchRun } from '../src/client/index.ts';
import { startBackgroundModel } from './background-model.ts';
import { percentile, positive, row } from './figures.ts';
import { forkServer } from './fork-server.ts';
import { openPlace, type Place } from './place.ts';
import { bytesPerUpdate } from './update-bytes.ts';

const WORD_CHARS = 40;
const LOOK_EVERY_MS = 10;
/** Of an answer, in updates: where the bytes of the next ones are counted. */
const EARLY = 100;
const LATE = 2_000;

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    runs: { type: 'string', default: '8' },
    words: { type: 'string', default: '2000' },
    every: { type: 'string', default: '10' },
  },
});
const runs = positive('runs', values.runs);
const words = positive('words', values.words);
const everyMs = positive('every', values.every);

await using place = await openPlace(values.store);
const measured = await healthWhile(place);
console.log(
  `${values.store}: ${runs} background runs at once, ${words} words of ${WORD_CHARS} characters each, one per ${everyMs} ms.\n`,
);
console.log(row('runs whose text was read whole', measured.whole, ''));
console.log(row('runs that were not', runs - measured.whole, '', 0));
console.log(row('all runs took', measured.tookMs, 'ms'));
console.log(row('GET /healthz meanwhile, p50', percentile(measured.looks, 0.5), 'ms'));
const p99 = percentile(measured.looks, 0.99);
const idleP99 = percentile(measured.idleLooks, 0.99);
console.log(row('GET /healthz meanwhile, p99', p99, 'ms'));
console.log(row('GET /healthz of an idle server meanwhile, p99', idleP99, 'ms'));
console.log(row('the difference', p99 - idleP99, 'ms', 100));
console.log(row('GET /healthz meanwhile, longest', percentile(measured.looks, 1), 'ms'));

const early = await bytesPerUpdate(place, EARLY, WORD_CHARS);
const late = await bytesPerUpdate(place, LATE, WORD_CHARS);
console.log(row(`bytes written by an update after ${EARLY}`, early, ''));
console.log(row(`bytes written by an update after ${LATE}`, late, '', Math.ceil(early * 1.5)));

interface Health {
  readonly looks: readonly number[];
  readonly idleLooks: readonly number[];
  readonly tookMs: number;
  readonly whole: number;
}

/** How long each look took, from the start of the runs to the last one's end. */
async function healthWhile(at: Place): Promise<Health> {
  await using model = await startBackgroundModel({ words, wordChars: WORD_CHARS, everyMs });
  await using served = await forkServer(model.baseURL, at);
  await using idlePlace = await openPlace('sqlite');
  await using idle = await forkServer(model.baseURL, idlePlace);
  const end = new AbortController();
  const looking = Promise.all([look(served.url, end.signal), look(idle.url, end.signal)]);
  const startedAt = performance.now();
  const texts = await Promise.all(Array.from({ length: runs }, () => readOne(served)));
  const tookMs = performance.now() - startedAt;
  end.abort();
  const [looks, idleLooks] = await looking;
  return { looks, idleLooks, tookMs, whole: texts.filter((chars) => chars === words * WORD_CHARS).length };
}

async function look(url: string, signal: AbortSignal): Promise<number[]> {
  const looks: number[] = [];
  while (!signal.aborted) {
    const startedAt = performance.now();
    await (await fetch(`${url}/healthz`)).text();
    looks.push(performance.now() - startedAt);
    await sleep(LOOK_EVERY_MS);
  }
  return looks;
}

/** How many characters the reader of one run was sent. */
async function readOne(server: { readonly url: string; readonly token: string }): Promise<number> {
  const { runId } = await startRun(server, { message: 'Go' });
  let chars = 0;
  for await (const { event } of watchRun({ ...server, runId })) if (event.type === 'update') chars += event.text.length;
  return chars;
}
