// A cancel of a run, at each point of its work.
import { AgentError, tool } from '@turnstream/core';
import { background, callTool, httpError, reply, serveModel, truncateAfter } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import {
  ask,
  clientOf,
  deliver,
  hasBegun,
  historyOf,
  letters,
  OWNER,
  openStore,
  posts,
  recordOf,
  stalled,
  until,
  wire,
} from './rig.ts';

test('a cancel in the middle reaches the service, and what was sent stays', async () => {
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

test('a cancel just before an attempt fails does not wait for the pause before the next one', async () => {
  await using model = await serveModel();
  const store = openStore();
  const run = await ask(store);
  const client = clientOf(model);
  vi.spyOn(client.background, 'start').mockImplementation(async () => {
    await store.runs.requestCancel(run.runId, { owner: OWNER });
    throw new AgentError('server_error', 'The service is down.');
  });

  const waitMs = await deliver(store, model, run, { with: { client } });

  expect(waitMs).toBe(0);
});

test('a cancel while the service takes the run on stops it there', async () => {
  await using model = await serveModel(stalled());
  const store = openStore();
  const run = await ask(store);
  const record = store.runs.record.bind(store.runs);
  store.runs.record = async (...all) => {
    await store.runs.requestCancel(run.runId, { owner: OWNER });
    return record(...all);
  };

  await deliver(store, model, run);

  expect([posts(model), wire(model).filter((line) => line.endsWith('cancel'))]).toEqual([1, ['POST /resp_1/cancel']]);
  expect(await recordOf(store, run)).toMatchObject({ state: 'cancelled', end: { type: 'done', status: 'cancelled' } });
  expect(await historyOf(store, run)).toEqual([]);
});

test('a cancel while a tool runs ends the run and does not wait for the tool', async () => {
  await using model = await serveModel(background(callTool('hang', {}, { id: 'resp_1' })));
  const store = openStore();
  const run = await ask(store);
  const running = Promise.withResolvers<void>();
  const hang = tool({
    name: 'hang',
    description: 'Hangs.',
    execute: () => {
      running.resolve();
      return Promise.withResolvers<never>().promise;
    },
  });

  const working = deliver(store, model, run, { with: { tools: [hang] } });
  await running.promise;
  await store.runs.requestCancel(run.runId, { owner: OWNER });
  await working;

  expect(await recordOf(store, run)).toMatchObject({ state: 'cancelled' });
  expect(posts(model)).toBe(1);
});

test('a cancel between two looks is not kept waiting for the next one', async () => {
  const noStream = httpError(400, { type: 'invalid_request_error' });
  const streams = [truncateAfter({ frames: 1 }), noStream, noStream];
  const looks = Array(9).fill('in_progress');
  await using model = await serveModel(background(reply(letters, { id: 'resp_1' }), { streams, looks }));
  const store = openStore();
  const run = await ask(store);
  let pauses = 0;
  const changed = store.runs.changed.bind(store.runs);
  store.runs.changed = async (runId, options) => {
    // The watch has a pace of its own; the worker between looks would wait for a second and more.
    const isBetweenLooks = options.timeoutMs > 750;
    if (isBetweenLooks && ++pauses === 2) await store.runs.requestCancel(runId, { owner: OWNER });
    return changed(runId, isBetweenLooks && pauses === 1 ? { ...options, timeoutMs: 0 } : options);
  };

  await deliver(store, model, run);

  const untilCancel = wire(model).slice(0, wire(model).indexOf('POST /resp_1/cancel'));
  expect(untilCancel.filter((line) => line === 'GET /resp_1')).toHaveLength(3);
  expect(await recordOf(store, run)).toMatchObject({ state: 'cancelled' });
});
