// Background runs through the real routes, with a real worker behind them.
import { createHmac, randomUUID } from 'node:crypto';
import { unwrapWebhook } from '@turnstream/openai';
import { background, callTool, reply, resetAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { brief, frames, framesOf, openRig, type Rig } from '../app-rig.ts';
import { anything, problem, words } from './run-reads.ts';

function isLook({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'GET' && !path.includes('stream=true');
}

function textOf(
  all: readonly { readonly event: string | undefined; readonly data: Record<string, unknown> }[],
): string {
  return all.flatMap(({ event, data }) => (event === 'update' ? [data['text']] : [])).join('');
}

function signed(secret: string, body: string, id = `msg_${randomUUID()}`): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** As the service does it: without a token of ours. */
function deliver({ url }: Rig, body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/webhooks/model`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

test('a run is accepted at once, worked on without a connection, and is in the session when it is done', async () => {
  await using rig = await openRig({ steps: [background(reply(words))] });

  const accepted = await rig.post('/runs', { message: 'Report' });
  const { runId, sessionId, state } = await accepted.json();
  const all = await framesOf(await rig.get(`/runs/${runId}/events`));

  expect([accepted.status, accepted.headers.get('location'), state]).toEqual([202, `/runs/${runId}`, 'queued']);
  expect(textOf(all)).toBe(words.join(''));
  expect(all.at(-1)).toMatchObject({ event: 'done', data: { status: 'completed' } });
  expect(all.map(({ id }) => id)).toEqual(all.map((_, index) => `${runId}:${index + 1}`));
  const run = await (await rig.get(`/runs/${runId}`)).json();
  expect(run).toMatchObject({ state: 'completed', text: words.join(''), end: { type: 'done' } });
  const { messages } = await (await rig.get(`/sessions/${sessionId}`)).json();
  expect(messages).toEqual([
    { role: 'user', text: 'Report', status: null, turn: 0 },
    { role: 'assistant', text: words.join(''), status: null, turn: 0 },
  ]);
});

test('a stream that is left resumes after the last event, and at any other id from the beginning', async () => {
  await using rig = await openRig({ steps: [background(reply(words))] });
  const { runId } = await (await rig.post('/runs', { message: 'Report' })).json();
  const whole = await framesOf(await rig.get(`/runs/${runId}/events`));

  for (const [index, { id }] of whole.slice(0, -1).entries()) {
    const rest = await framesOf(await rig.get(`/runs/${runId}/events`, { headers: { 'last-event-id': id! } }));

    expect(rest[0]).toMatchObject({ id, event: 'session', data: { mode: 'append', runId } });
    expect(rest.slice(1)).toEqual(whole.slice(index + 1));
  }
  const over = await rig.get(`/runs/${runId}/events`, { headers: { 'last-event-id': whole.at(-1)!.id! } });
  expect(over.status).toBe(204);
  for (const id of [
    `${runId}:99`,
    `${randomUUID()}:2`,
    'nonsense',
    `${runId}:-1`,
    `${runId}:0x2`,
    `${runId}:2e0`,
    `${runId}:02`,
  ]) {
    const again = await framesOf(await rig.get(`/runs/${runId}/events`, { headers: { 'last-event-id': id } }));

    expect(again).toEqual(whole);
  }
});

test('leaving the events leaves the run alone; only cancel stops it, at the service too', async () => {
  await using rig = await openRig({ steps: [background(reply(words, { chunkDelayMs: 60_000 }))] });
  const { runId, sessionId } = await (await rig.post('/runs', { message: 'Report' })).json();
  for await (const { event } of frames(await rig.get(`/runs/${runId}/events`))) if (event === 'session') break;
  expect(await (await rig.get(`/runs/${runId}`)).json()).toMatchObject({ end: null });
  await expect.poll(async () => (await (await rig.get(`/runs/${runId}`)).json()).state).toBe('in_progress');

  const cancelled = await rig.post(`/runs/${runId}/cancel`);

  expect(cancelled.status).toBe(202);
  const all = await framesOf(await rig.get(`/runs/${runId}/events`));
  expect(all.at(-1)).toMatchObject({ event: 'done', data: { status: 'cancelled' } });
  expect(rig.model.requests.filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
  expect((await rig.post(`/runs/${runId}/cancel`)).status).toBe(200);
  expect((await (await rig.get(`/sessions/${sessionId}`)).json()).messages).toEqual([]);
});

test('fifty requests with one key are one run, and one call of the model', async () => {
  await using rig = await openRig({ steps: [background(reply(words))] });
  const headers = { 'idempotency-key': 'order-7' };

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => rig.post('/runs', { message: 'Go' }, { headers })),
  );

  const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).runId));
  expect(new Set(ids).size).toBe(1);
  await framesOf(await rig.get(`/runs/${ids[0]}/events`));
  expect(
    rig.model.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/responses')),
  ).toHaveLength(1);
  const other = await rig.post('/runs', { message: 'Something else' }, { headers });
  expect(await problem(other)).toEqual([422, 'idempotency_conflict']);
});

test('a run with a tool tells it, and the words after it', async () => {
  const { tool } = await import('@turnstream/core');
  const lookUp = tool({ name: 'look_up', description: 'Looks up', parameters: anything, execute: () => 'found' });
  await using rig = await openRig({
    agent: { tools: [lookUp] },
    steps: [background(callTool('look_up', {})), background(reply(['It is ', 'there.']))],
  });

  const { runId } = await (await rig.post('/runs', { message: 'Where?' })).json();
  const all = await framesOf(await rig.get(`/runs/${runId}/events`));

  expect(brief(all)).toEqual(expect.arrayContaining(['tool "called"', 'tool "done"', 'done "completed"']));
  expect(textOf(all)).toBe('It is there.');
});

test('a run on a session of the owner continues its turns', async () => {
  await using rig = await openRig({ steps: [reply('A language.'), background(reply('1991'))] });
  const { sessionId } = await (await rig.post('/chat', { message: 'What is Python?' })).json();

  const { runId } = await (await rig.post('/runs', { message: 'How old is it?', sessionId })).json();
  await framesOf(await rig.get(`/runs/${runId}/events`));

  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
  expect((await (await rig.get(`/sessions/${sessionId}`)).json()).messages).toHaveLength(4);
  const { runs } = (await (await rig.get(`/runs?sessionId=${sessionId}`)).json()) as unknown as {
    runs: { runId: string }[];
  };
  expect(runs.map((run) => run.runId)).toEqual([runId]);
});

test('a session that is deleted takes its open runs with it, and stops them at the service', async () => {
  await using rig = await openRig({ steps: [background(reply(words, { chunkDelayMs: 60_000 }))] });
  const { runId, sessionId } = await (await rig.post('/runs', { message: 'Report' })).json();
  await expect.poll(async () => (await (await rig.get(`/runs/${runId}`)).json()).state).toBe('in_progress');

  const deleted = await rig.get(`/sessions/${sessionId}`, { method: 'DELETE' });

  expect(deleted.status).toBe(204);
  expect(await problem(await rig.get(`/runs/${runId}`))).toEqual([404, 'not_found']);
  expect(await problem(await rig.get(`/sessions/${sessionId}`))).toEqual([404, 'not_found']);
  await expect.poll(() => rig.model.requests.filter(({ path }) => path.endsWith('/cancel')).length).toBe(1);
});

test('when a run is deleted or the server stops, its reader gets a last event that says so', async () => {
  const slow = background(reply(words, { chunkDelayMs: 60_000 }));
  await using rig = await openRig({ steps: [slow, slow] });
  const [forgotten, stopped] = await Promise.all(
    ['One', 'Two'].map(async (message) => (await rig.post('/runs', { message })).json()),
  );
  const reading = [forgotten!, stopped!].map(async ({ runId }) => framesOf(await rig.get(`/runs/${runId}/events`)));
  for (const { runId } of [forgotten!, stopped!])
    await expect.poll(async () => (await (await rig.get(`/runs/${runId}`)).json()).state).toBe('in_progress');

  await rig.get(`/sessions/${forgotten!.sessionId}`, { method: 'DELETE' });
  const ofForgotten = await reading[0]!;
  await rig.app.close();
  const ofStopped = await reading[1]!;

  expect(ofForgotten.at(-1)).toMatchObject({
    event: 'error',
    data: { code: 'not_found', message: 'The run was deleted.' },
  });
  expect(ofStopped.at(-1)).toMatchObject({ event: 'error', data: { code: 'server_stopping', retryAfterMs: 2_000 } });
  expect(ofStopped.at(-1)!.id).toBe(ofStopped.at(-2)!.id);
});

test('a webhook of the service is proven, counts once, and makes the worker look at once', async () => {
  const secret = `whsec_${Buffer.from('a secret of the webhook').toString('base64')}`;
  await using rig = await openRig({
    webhook: (body, headers) => unwrapWebhook(secret, body, headers),
    // The stream breaks, and the service asks not to be looked at for a minute: without the webhook nobody would look.
    steps: [
      background(reply(words), {
        streams: [resetAfter({ frames: 3 }), ...Array.from({ length: 20 }, () => resetAfter({ frames: 0 }))],
        looks: ['in_progress', 'done'],
        openHeaders: { 'retry-after': '60' },
      }),
    ],
  });
  const { runId } = await (await rig.post('/runs', { message: 'Report' })).json();
  await expect.poll(async () => (await rig.store.runs.load(runId))?.token?.responseId).toBeTruthy();
  const responseId = (await rig.store.runs.load(runId))!.token!.responseId;
  await expect.poll(() => rig.model.requests.filter(isLook).length).toBeGreaterThan(0);

  const body = JSON.stringify({ type: 'response.completed', data: { id: responseId } });
  const forged = await deliver(rig, body, { ...signed(secret, body), 'webhook-signature': 'v1,AAAA' });
  const proven = await Promise.all([1, 2, 3].map(() => deliver(rig, body, signed(secret, body, 'msg_1'))));

  expect(await problem(forged)).toEqual([400, 'webhook_invalid']);
  expect(proven.map(({ status }) => status)).toEqual([204, 204, 204]);
  const all = await framesOf(await rig.get(`/runs/${runId}/events`));
  expect(textOf(all)).toBe(words.join(''));
  expect(await rig.store.runs.seenWebhook('msg_1')).toBe(true);
});
