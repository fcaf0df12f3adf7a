// What ends the following of a run before its end: a stop of the server, another worker, and being forgotten.
import { background, httpError, reply, serveModel, truncateAfter } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import {
  ask,
  clientOf,
  deliver,
  eventsOf,
  hasBegun,
  historyOf,
  joined,
  letters,
  OWNER,
  openStore,
  posts,
  recordOf,
  stalled,
  text,
  until,
  wire,
} from './rig.ts';

test('a server that stops releases a run that the service is slow to cancel', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);
  const client = clientOf(model);
  const cancelling = Promise.withResolvers<void>();
  vi.spyOn(client.background, 'cancel').mockImplementation(() => {
    cancelling.resolve();
    return Promise.withResolvers<never>().promise;
  });
  const stop = new AbortController();

  const working = deliver(store, model, run, { with: { client }, signal: stop.signal });
  await until(store, run, hasBegun);
  await store.runs.requestCancel(run.runId, { owner: OWNER });
  await cancelling.promise;
  stop.abort(new Error('stop'));

  expect(await working).toBe(0);
  expect(await recordOf(store, run)).toMatchObject({ state: 'in_progress', isCancelRequested: true });
});

test('the server sets the first interval between polls', async () => {
  const noStream = httpError(400, { type: 'invalid_request_error' });
  const streams = [truncateAfter({ frames: 1 }), noStream, noStream];
  const looks = Array(3).fill('in_progress');
  await using model = await serveModel(background(reply(letters, { id: 'resp_1' }), { streams, looks }));
  const store = openStore();
  const run = await ask(store);
  const pausesMs: number[] = [];
  const changed = store.runs.changed.bind(store.runs);
  store.runs.changed = async (runId, options) => {
    // The watchdog has its own interval.
    if (options.timeoutMs <= 750) return changed(runId, options);
    pausesMs.push(options.timeoutMs);
  };
  vi.spyOn(Math, 'random').mockReturnValue(0);

  await deliver(store, model, run, { pollMs: 5_000 });

  vi.restoreAllMocks();
  expect(pausesMs[0]).toBe(5_000);
  expect(await recordOf(store, run)).toMatchObject({ state: 'completed' });
});

test('a run that takes longer than it may is stopped at the service and fails with that reason', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);

  const again = await deliver(store, model, run, { maxRunMs: 2_000 });

  expect(again).toBeNull();
  expect(wire(model)).toContain('POST /resp_1/cancel');
  expect(await recordOf(store, run)).toMatchObject({
    state: 'failed',
    text: 'Alpha beta ',
    end: { type: 'error', code: 'background_timeout', retryable: true },
  });
  expect(await historyOf(store, run)).toEqual([]);
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

test('an abandoned run is cancelled at the service, and its error does not blame the model', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);
  const stop = new AbortController();
  const working = deliver(store, model, run, { signal: stop.signal });
  await until(store, run, hasBegun);
  stop.abort(new Error('stop'));
  await working;
  for (let attempt = 1; attempt <= 3; attempt += 1) await store.runs.claim(run.runId);

  const again = await deliver(store, model, run, { maxAttempts: 3 });

  expect(again).toBeNull();
  expect(wire(model).filter((line) => line.startsWith('POST'))).toEqual(['POST', 'POST /resp_1/cancel']);
  expect(await recordOf(store, run)).toMatchObject({
    state: 'failed',
    text: 'Alpha beta ',
    end: { type: 'error', code: 'server_error', message: expect.stringContaining('The server was interrupted') },
  });
});

test('a run whose session was deleted is cancelled at the service', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);
  const stop = new AbortController();
  const working = deliver(store, model, run, { signal: stop.signal });
  await until(store, run, hasBegun);
  stop.abort(new Error('stop'));
  await working;
  await store.sessions.delete(run.sessionId, { owner: OWNER });

  await deliver(store, model, run);

  expect(wire(model)).toContain('POST /resp_1/cancel');
  expect(await recordOf(store, run)).toMatchObject({ state: 'failed', end: { type: 'error', code: 'not_found' } });
});
