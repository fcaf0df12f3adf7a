// What the reader gets while the service's events break, stay away or are unavailable.
import { background, httpError, reply, resetAfter, serveModel, stallAfter, truncateAfter } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { noStream, onlyLooks, pausesOf } from './looks.ts';
import {
  ask,
  deliver,
  eventsOf,
  historyOf,
  joined,
  letters,
  openStore,
  posts,
  recordOf,
  text,
  until,
  wire,
} from './rig.ts';

afterEach(() => void vi.useRealTimers());

const twoWords = ['Alpha ', 'beta.'];
/** The number of events of a two-word answer. */
const FRAMES = 11;

test.each(Array.from({ length: FRAMES }, (_, index) => index + 1))(
  'cut after event %i, by reset or as if whole, and cut once more, the text is the answer and the run one',
  async (frames) => {
    const cuts = [
      [resetAfter({ frames })],
      [truncateAfter({ frames })],
      [truncateAfter({ frames }), resetAfter({ frames: 1 })],
    ];
    for (const streams of cuts) {
      await using model = await serveModel(background(reply(twoWords), { streams, looks: ['in_progress'] }));
      const store = openStore();
      const run = await ask(store);
      const pauses = pausesOf(store);

      await deliver(store, model, run);

      const events = await eventsOf(store, run);
      expect(joined(events)).toBe('Alpha beta.');
      expect(events.filter(({ type }) => type === 'session')).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: 'done', status: 'completed' });
      expect(await historyOf(store, run)).toHaveLength(2);
      expect(posts(model)).toBe(1);
      expect(pauses.length).toBeLessThanOrEqual(1);
    }
  },
);

test('without a stream the run is looked at, with pauses that grow to ten seconds, and told in one piece', async () => {
  const looks = Array(12).fill('in_progress');
  await using model = await serveModel(background(reply(letters, { id: 'resp_1' }), { streams: onlyLooks, looks }));
  const store = openStore();
  const run = await ask(store);
  const pauses = pausesOf(store);

  await deliver(store, model, run);

  expect((await eventsOf(store, run)).map((event) => ('text' in event ? event.text : event.type))).toEqual([
    'session',
    text,
    'done',
  ]);
  expect(pauses).toHaveLength(11);
  expect(pauses[0]).toBeGreaterThanOrEqual(1_000);
  expect(pauses[0]).toBeLessThanOrEqual(1_200);
  expect(pauses[10]).toBeGreaterThanOrEqual(10_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(12_000);
  expect(wire(model)).toEqual([
    'POST',
    'GET /resp_1',
    'GET /resp_1?stream=true&starting_after=0',
    ...Array(12).fill('GET /resp_1'),
  ]);
});

test('looks wait as long as the service asks, unless its webhook comes before', async () => {
  const hour = { 'retry-after': '3600' };
  await using model = await serveModel(
    background(reply(letters, { id: 'resp_1' }), {
      streams: onlyLooks,
      looks: Array(2).fill('in_progress'),
      openHeaders: hour,
    }),
  );
  const store = openStore();
  const run = await ask(store);
  const pauses: number[] = [];
  const paused = Promise.withResolvers<void>();
  const changed = store.runs.changed.bind(store.runs);
  store.runs.changed = (runId, options) => {
    if (options.timeoutMs > 1_000_000) paused.resolve(void pauses.push(options.timeoutMs));
    return changed(runId, options);
  };

  const working = deliver(store, model, run);
  await paused.promise;
  await store.runs.wake('resp_1');
  await working;

  expect(pauses).toHaveLength(1);
  expect(pauses[0]).toBeGreaterThanOrEqual(3_600_000);
  expect(await recordOf(store, run)).toMatchObject({ state: 'completed', text });
});

test('looks that fail are made again as the service asks, and after five in a row the run is put off, not lost', async () => {
  const away = httpError(503, { message: 'busy' });
  const slow = httpError(429, { message: 'slow down', headers: { 'retry-after': '20' } });
  await using model = await serveModel(
    background(reply(letters), {
      streams: [truncateAfter({ chunks: 2 }), noStream, noStream],
      looks: [away, slow, 'in_progress', away, away, away, away, away, 'in_progress'],
    }),
  );
  const store = openStore();
  const run = await ask(store);
  const pauses = pausesOf(store);

  const first = await deliver(store, model, run);
  const between = await recordOf(store, run);
  const second = await deliver(store, model, run);

  expect(first).toBeGreaterThanOrEqual(2_000);
  expect(second).toBeNull();
  expect(pauses[1]).toBeGreaterThanOrEqual(20_000);
  expect(between).toMatchObject({ state: 'in_progress', text: 'Alpha beta ' });
  expect(await recordOf(store, run)).toMatchObject({ state: 'completed', text });
  expect(joined(await eventsOf(store, run))).toBe(text);
  expect(posts(model)).toBe(1);
});

test('a stream that falls silent for a minute is left for a poll and resumed where it was', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using model = await serveModel(
    background(reply(letters, { id: 'resp_1' }), { streams: [stallAfter({ chunks: 2 })], looks: ['in_progress'] }),
  );
  const store = openStore();
  const run = await ask(store);
  const saw = Promise.withResolvers<void>();
  const record = store.runs.record.bind(store.runs);
  store.runs.record = async (...all) => {
    await record(...all);
    if ((await recordOf(store, run)).text === 'Alpha beta ') saw.resolve();
  };

  const working = deliver(store, model, run);
  await saw.promise;
  await vi.advanceTimersByTimeAsync(60_000);
  await working;

  expect(joined(await eventsOf(store, run))).toBe(text);
  expect(wire(model)).toEqual(['POST', 'GET /resp_1', 'GET /resp_1?stream=true&starting_after=6', 'GET /resp_1']);
});

test('while a write takes its time the rest gathers, and a slow database loses nothing', async () => {
  const words = Array.from({ length: 700 }, (_, index) => `${index} `);
  await using model = await serveModel(background(reply(words)));
  const store = openStore();
  const run = await ask(store);
  const sizes: number[] = [];
  const record = store.runs.record.bind(store.runs);
  store.runs.record = async (...all) => {
    sizes.push(all[1].length);
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    await record(...all);
  };

  await deliver(store, model, run);

  expect(joined(await eventsOf(store, run))).toBe(words.join(''));
  expect(Math.max(...sizes)).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(256);
});

test('a reader who comes while the answer is under way finds the words that are there', async () => {
  await using model = await serveModel(
    background(reply(letters), { streams: [stallAfter({ chunks: 3 })], looks: ['in_progress'] }),
  );
  const store = openStore();
  const run = await ask(store);
  const stop = new AbortController();

  const working = deliver(store, model, run, { signal: stop.signal });
  const seen = await until(store, run, ({ text: soFar }) => soFar.length > 12);
  stop.abort(new Error('enough'));
  await working;

  expect(seen).toMatchObject({ state: 'in_progress', text: 'Alpha beta gamma ', end: null });
});
