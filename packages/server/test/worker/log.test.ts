// What a worker logs: ids, codes and counts, for every way a run can end.
import { background, httpError, reply, serveModel, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { ask, deliver, letters, OWNER, openStore, until } from './rig.ts';

function noting() {
  const lines: unknown[] = [];
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push([level, message, fields]);
  return { lines, log: { info: at('info'), warn: at('warn') } };
}

test('the end of a run is logged with its state and attempts', async () => {
  await using model = await serveModel(background(reply(letters)));
  const store = openStore();
  const run = await ask(store);
  const { lines, log } = noting();

  await deliver(store, model, run, { log });

  expect(lines).toEqual([['info', 'run ended', { runId: run.runId, state: 'completed', attempts: 1 }]]);
});

test('a retry is logged with the code and the wait', async () => {
  await using model = await serveModel(httpError(500));
  const store = openStore();
  const run = await ask(store);
  const { lines, log } = noting();

  const waitMs = await deliver(store, model, run, { log });

  expect(lines).toEqual([
    ['warn', 'run will be retried', { runId: run.runId, code: 'server_error', attempts: 1, waitMs }],
  ]);
});

test('a run that failed is logged with the code that readers do not get', async () => {
  await using model = await serveModel(httpError(401, { code: 'invalid_api_key' }));
  const store = openStore();
  const run = await ask(store);
  const { lines, log } = noting();

  await deliver(store, model, run, { log });

  const { runId } = run;
  expect(lines).toEqual([
    ['warn', 'run failed', { runId, code: 'auth', serviceCode: 'invalid_api_key', attempts: 1 }],
    ['info', 'run ended', { runId, state: 'failed', attempts: 1 }],
  ]);
});

test('a service that does not cancel a run that is gone is logged with the code', async () => {
  const stalled = background(reply(letters), { streams: [stallAfter({ chunks: 2 })], looks: [httpError(500)] });
  await using model = await serveModel(stalled);
  const store = openStore();
  const run = await ask(store);
  const { lines, log } = noting();

  const working = deliver(store, model, run, { log });
  await until(store, run, ({ text }) => text === 'Alpha beta ');
  await store.runs.forgetSession(run.sessionId, { owner: OWNER });
  await working;

  const { runId } = run;
  expect(lines).toEqual([
    ['warn', 'run could not be cancelled at the service', { runId, code: 'server_error' }],
    ['info', 'claim lost', { runId, isGone: true }],
  ]);
});

test('a released run and a lost claim are logged as such', async () => {
  const stalled = background(reply(letters, { id: 'resp_1' }), {
    streams: [stallAfter({ chunks: 2 }), stallAfter({ chunks: 2 })],
    looks: Array(9).fill('in_progress'),
  });
  await using model = await serveModel(stalled);
  const store = openStore();
  const run = await ask(store);
  const hasBegun = ({ text }: { readonly text: string }): boolean => text === 'Alpha beta ';
  const stop = new AbortController();
  const [first, second] = [noting(), noting()];

  const working = deliver(store, model, run, { log: first.log, signal: stop.signal });
  await until(store, run, hasBegun);
  stop.abort(new Error('the server stops'));
  await working;
  const again = deliver(store, model, run, { log: second.log });
  await until(store, run, hasBegun);
  await store.runs.forgetSession(run.sessionId, { owner: OWNER });
  await again;

  expect(first.lines).toEqual([['info', 'run given back', { runId: run.runId }]]);
  expect(second.lines).toEqual([['info', 'claim lost', { runId: run.runId, isGone: true }]]);
});
