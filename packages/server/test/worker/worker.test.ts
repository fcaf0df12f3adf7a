// A run from its claim to its end, against a model behind a real socket.
import { tool } from '@turnstream/core';
import { background, callTool, httpError, reply, responseFailed, serveModel } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { ask, deliver, eventsOf, historyOf, letters, openStore, posts, recordOf, text, wire } from './rig.ts';

const usage = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
});

test('a run is started once, told word by word, and remembered with its end', async () => {
  await using model = await serveModel(background(reply(letters, { id: 'resp_1' })));
  const store = openStore();
  const run = await ask(store, 'List four letters.');

  const again = await deliver(store, model, run);

  expect(again).toBeNull();
  expect(await eventsOf(store, run)).toEqual([
    { type: 'session', sessionId: run.sessionId, runId: run.runId, mode: 'replace' },
    ...letters.map((letter) => ({ type: 'update', text: letter })),
    { type: 'done', status: 'completed', finishReason: 'stop', usage: expect.objectContaining(usage(3, 4)) },
  ]);
  expect(await recordOf(store, run)).toMatchObject({ state: 'completed', text });
  expect(await historyOf(store, run)).toEqual([
    ['user', 'List four letters.'],
    ['assistant', text],
  ]);
  expect(model.requests[0]!.body).toMatchObject({ background: true, stream: true });
  expect(wire(model)).toEqual(['POST', 'GET /resp_1']);
});

test('a job that is delivered once more after the end does nothing', async () => {
  await using model = await serveModel(background(reply(letters)));
  const store = openStore();
  const run = await ask(store);
  await deliver(store, model, run);
  const before = [await eventsOf(store, run), model.requests.length];

  const again = await deliver(store, model, run);

  expect(again).toBeNull();
  expect([await eventsOf(store, run), model.requests.length]).toEqual(before);
});

function weather(execute: (city: string) => string) {
  return tool({
    name: 'get_weather',
    description: 'Looks up the weather.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => execute(city),
  });
}

const weatherSteps = () => [
  background(callTool('get_weather', ['{"city":', '"Oslo"}'], { callId: 'call_1' })),
  background(reply(['Snow ', 'in Oslo.'])),
];

test.each([
  ['done', () => 'Snow'],
  [
    'failed',
    () => {
      throw new Error('no connection');
    },
  ],
])('a tool is sent when it is called, under its name, and when it is %s', async (status, execute) => {
  await using model = await serveModel(...weatherSteps());
  const store = openStore();
  const run = await ask(store, 'Weather?');

  await deliver(store, model, run, { with: { tools: [weather(execute)] } });

  const call = { type: 'tool', callId: 'call_1', name: 'get_weather' };
  expect((await eventsOf(store, run)).slice(1, -1)).toEqual([
    { ...call, status: 'called' },
    { ...call, status },
    { type: 'update', text: 'Snow ' },
    { type: 'update', text: 'in Oslo.' },
  ]);
  expect((await historyOf(store, run)).map(([role]) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  expect(posts(model)).toBe(2);
});

test('an answer that the service cut short ends as incomplete, with what there is of it', async () => {
  await using model = await serveModel(background(reply(letters, { finishReason: 'length' })));
  const store = openStore();
  const run = await ask(store);

  await deliver(store, model, run);

  expect(await recordOf(store, run)).toMatchObject({
    state: 'incomplete',
    text,
    end: { type: 'done', status: 'incomplete', finishReason: 'length' },
  });
});

test('a run that failed at the service ends with its error, is not asked again, and leaves no turn', async () => {
  const fault = responseFailed({ chunks: 2 }, { code: 'rate_limit_exceeded', message: 'Slow down.' });
  await using model = await serveModel(background(reply(letters, { fault })));
  const store = openStore();
  const run = await ask(store);

  const again = await deliver(store, model, run);

  expect(again).toBeNull();
  expect(await recordOf(store, run)).toMatchObject({
    state: 'failed',
    text: 'Alpha beta ',
    end: { type: 'error', code: 'response_failed' },
  });
  expect(await historyOf(store, run)).toEqual([]);
  expect(posts(model)).toBe(1);
});

test('a run that the service no longer has ends as expired, and asking for it again is no use', async () => {
  await using model = await serveModel(background(reply(letters), { looks: ['expired'] }));
  const store = openStore();
  const run = await ask(store);

  await deliver(store, model, run);

  expect(await recordOf(store, run)).toMatchObject({
    state: 'failed',
    end: { type: 'error', code: 'background_expired', retryable: false },
  });
});

test('a request that the service will never accept fails the run at once', async () => {
  await using model = await serveModel(httpError(401, { message: 'no' }));
  const store = openStore();
  const run = await ask(store);

  const again = await deliver(store, model, run);

  expect(again).toBeNull();
  expect(await recordOf(store, run)).toMatchObject({ state: 'failed', end: { type: 'error', code: 'server_error' } });
});

test('while the service is away a run is put off, longer each time, and fails with the reason at the last attempt', async () => {
  const away = httpError(503, { message: 'busy' });
  const slow = httpError(429, { message: 'slow down', headers: { 'retry-after': '60' } });
  await using model = await serveModel(away, away, slow, away, away);
  const store = openStore();
  const run = await ask(store);
  const answers: (number | null)[] = [];
  vi.spyOn(Math, 'random').mockReturnValue(0);

  for (let attempt = 1; attempt <= 5; attempt += 1) answers.push(await deliver(store, model, run));

  vi.restoreAllMocks();
  expect(answers).toEqual([2_000, 8_000, 60_000, 128_000, null]);
  expect(await recordOf(store, run)).toMatchObject({ state: 'failed', end: { type: 'error', code: 'server_error' } });
});

test('a run that kills its workers ends after five of them, and the service is not asked again', async () => {
  await using model = await serveModel();
  const store = openStore();
  const run = await ask(store);
  for (let attempt = 1; attempt <= 5; attempt += 1) await store.runs.claim(run.runId);

  const again = await deliver(store, model, run);

  expect(again).toBeNull();
  expect(await recordOf(store, run)).toMatchObject({ state: 'failed', end: { type: 'error', code: 'server_error' } });
});

test('what the agent itself throws is not the end of a run before it was tried again', async () => {
  await using model = await serveModel();
  const store = openStore();
  const run = await ask(store);
  const agent = () => {
    throw new TypeError('no such tool');
  };

  const attempt = deliver(store, model, run, { agent });

  await expect(attempt).rejects.toThrow('no such tool');
  expect(await recordOf(store, run)).toMatchObject({ end: null });
});

test('a run whose session is gone fails before the service is asked', async () => {
  await using model = await serveModel();
  const store = openStore();
  const run = await ask(store);
  await store.sessions.delete(run.sessionId, { owner: run.owner });

  await deliver(store, model, run);

  expect(await recordOf(store, run)).toMatchObject({ state: 'failed', end: { type: 'error', code: 'not_found' } });
});
