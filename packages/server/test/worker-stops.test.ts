// What ends the following of a run before its end: a cancel, a stop of the server, another worker, and being forgotten.
import { background, reply, serveModel, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import {
  ask,
  deliver,
  eventsOf,
  historyOf,
  joined,
  letters,
  OWNER,
  openStore,
  posts,
  recordOf,
  text,
  until,
  wire,
} from './worker-rig.ts';

const stalled = () =>
  background(reply(letters, { id: 'resp_1' }), {
    streams: [stallAfter({ chunks: 2 })],
    looks: Array(9).fill('in_progress'),
  });
const hasBegun = ({ text: soFar }: { readonly text: string }) => soFar === 'Alpha beta ';

test('a cancel in the middle reaches the service, and what was told stays', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);

  const working = deliver(store, model, run);
  await until(store, run, hasBegun);
  await store.runs.requestCancel(run.runId, { owner: OWNER });
  await working;

  expect(wire(model)).toContain('POST /resp_1/cancel');
  expect(await recordOf(store, run)).toMatchObject({ state: 'cancelled', text: 'Alpha beta ' });
  expect(await historyOf(store, run)).toEqual([]);
});

test('a cancel before the service has the run keeps it from being started', async () => {
  await using model = await serveModel();
  const store = openStore();
  const run = await ask(store);
  const open = store.sessions.open.bind(store.sessions);
  store.sessions.open = async (...all) => {
    await store.runs.requestCancel(run.runId, { owner: OWNER });
    return open(...all);
  };

  await deliver(store, model, run);

  expect(model.requests).toEqual([]);
  expect(await recordOf(store, run)).toMatchObject({ state: 'cancelled', end: { type: 'done', status: 'cancelled' } });
});

test('a server that stops leaves the run at the service, and the next worker goes on without gap or repeat', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);
  const stop = new AbortController();

  const working = deliver(store, model, run, { signal: stop.signal });
  await until(store, run, hasBegun);
  stop.abort(new Error('stop'));
  const again = await working;
  await deliver(store, model, run);

  expect(again).toBe(0);
  expect(joined(await eventsOf(store, run))).toBe(text);
  expect([posts(model), wire(model).filter((line) => line.endsWith('cancel'))]).toEqual([1, []]);
  expect(await historyOf(store, run)).toHaveLength(2);
});

test('a run that is forgotten is cancelled at the service', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);

  const working = deliver(store, model, run);
  await until(store, run, hasBegun);
  await store.runs.forgetSession(run.sessionId, { owner: OWNER });
  const again = await working;

  expect(again).toBeNull();
  expect(wire(model)).toContain('POST /resp_1/cancel');
});

test('a worker that wakes up late overwrites nothing of its successor', async () => {
  await using model = await serveModel(background(reply(letters, { id: 'resp_1' })));
  const store = openStore();
  const run = await ask(store);
  const frozen = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const finish = store.runs.finish.bind(store.runs);
  store.runs.finish = async (...all) => {
    store.runs.finish = finish;
    reached.resolve();
    await frozen.promise;
    return finish(...all);
  };

  const first = deliver(store, model, run);
  await reached.promise;
  await deliver(store, model, run);
  const before = await eventsOf(store, run);
  frozen.resolve();
  const late = await first;

  expect(late).toBeNull();
  expect(await eventsOf(store, run)).toEqual(before);
  expect([joined(before), posts(model)]).toEqual([text, 1]);
  expect(await historyOf(store, run)).toHaveLength(2);
});
