// How long runs may take, how many of them there may be, and what is refused.
import { background, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { framesOf, memoryStore, openRig } from '../app-rig.ts';
import { problem, words } from './run-reads.ts';

test('the server sets how long a run may take', async () => {
  await using rig = await openRig({
    steps: [background(reply(words, { chunkDelayMs: 60_000 }))],
    ceilings: { maxRunMs: 500 },
  });
  const { runId } = await (await rig.post('/runs', { message: 'Report' })).json();

  const all = await framesOf(await rig.get(`/runs/${runId}/events`));

  expect(all.at(-1)).toMatchObject({ event: 'error', data: { code: 'background_timeout' } });
  expect(rig.model.requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/\/cancel$/));
});

test('the server sets how many attempts without progress a run may have', async () => {
  const store = memoryStore();
  const asked = {
    owner: 'local',
    sessionId: null,
    message: 'Report',
    callbackUrl: null,
    key: null,
    maxOpen: 9,
    maxSessions: 100,
  };
  const { run } = await store.runs.create(asked);
  for (let claims = 1; claims <= 2; claims += 1) await store.runs.claim(run.runId);
  await using rig = await openRig({ store, ceilings: { maxAttempts: 2 } });

  const all = await framesOf(await rig.get(`/runs/${run.runId}/events`));

  expect(all.at(-1)).toMatchObject({ event: 'error', data: { code: 'server_error' } });
  expect(rig.model.requests).toEqual([]);
});

test('twenty endless runs of one user do not block the runs of others', async () => {
  const store = memoryStore();
  const asked = { sessionId: null, message: 'Report', callbackUrl: null, key: null, maxOpen: 20, maxSessions: 100 };
  for (let number = 1; number <= 20; number += 1) await store.runs.create({ ...asked, owner: 'somebody else' });
  const endless = Array.from({ length: 4 }, () => background(reply(words, { chunkDelayMs: 60_000 })));
  await using rig = await openRig({ store, steps: [...endless, background(reply(words))] });
  await expect.poll(() => rig.model.requests.length).toBe(4);

  const { runId } = await (await rig.post('/runs', { message: 'Report' })).json();
  const all = await framesOf(await rig.get(`/runs/${runId}/events`));

  expect(all.at(-1)).toMatchObject({ event: 'done', data: { status: 'completed' } });
});

test('a model whose API has no background refuses before anything is kept', async () => {
  await using rig = await openRig({ api: 'chat_completions' });

  const response = await rig.post('/runs', { message: 'Report' });

  expect(await problem(response)).toEqual([501, 'background_unsupported']);
  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
});

test('more open runs than the ceiling are refused, and a callback where none are sent', async () => {
  await using rig = await openRig({
    ceilings: { openRunsPerUser: 1 },
    steps: [background(reply(words, { chunkDelayMs: 60_000 }))],
  });
  const { runId } = await (await rig.post('/runs', { message: 'One' })).json();

  const answers = [
    await rig.post('/runs', { message: 'Two' }),
    await rig.post('/runs', { message: 'Three', callbackUrl: 'https://example.test/' }),
  ];

  expect(await Promise.all(answers.map(problem))).toEqual([
    [503, 'overloaded'],
    [400, 'input_invalid'],
  ]);
  expect(answers[0]!.headers.get('retry-after')).toBe('10');
  await rig.post(`/runs/${runId}/cancel`);
  await framesOf(await rig.get(`/runs/${runId}/events`));
});

test('a reader of the events takes one of its owner’s slots until it leaves', async () => {
  const steps = [background(reply(words, { chunkDelayMs: 60_000 }))];
  await using rig = await openRig({ ceilings: { streamsPerUser: 1 }, steps });
  const { runId } = await (await rig.post('/runs', { message: 'Report' })).json();
  const reading = await rig.get(`/runs/${runId}/events`);

  const second = await rig.get(`/runs/${runId}/events`);
  await reading.body?.cancel();

  expect(await problem(second)).toEqual([429, 'rate_limited']);
  await expect
    .poll(async () => {
      const third = await rig.get(`/runs/${runId}/events`);
      await third.body?.cancel();
      return third.status;
    })
    .toBe(200);
  await rig.post(`/runs/${runId}/cancel`);
});
