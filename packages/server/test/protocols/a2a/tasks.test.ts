// Tasks over HTTP: listed page by page, followed, and canceled.
import { background, callTool, reply } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import type { Task } from '../../../src/protocols/a2a/wire.ts';
import { approved, five, paying } from '../../paying.ts';
import { newRun } from '../../store/fixtures.ts';
import { errorOf, timestamp } from './expected.ts';
import { type A2ARig, brief, framesOf, openA2A, sent } from './rig.ts';

const headers = { 'a2a-version': '1.0' };
afterEach(() => void vi.useRealTimers());

const immediately = { returnImmediately: true };
const slow = background(reply(['Once ', 'upon'], { chunkDelayMs: 60_000 }));

test('tasks in the background are listed last changed first, without artifacts unless they are wanted', async () => {
  const steps = ['one', 'two', 'three'].map((text) => background(reply(text)));
  await using rig = await openA2A({ steps });
  const first = await inBackground(rig);
  const second = await inBackground(rig);
  const third = await inBackground(rig, { contextId: first.contextId });

  const { body: page } = await rig.call('/tasks?pageSize=2&historyLength=0');
  const { body: rest } = await rig.call(`/tasks?pageSize=2&pageToken=${page.nextPageToken}&includeArtifacts=true`);
  const { body: ofContext } = await rig.call(`/tasks?contextId=${first.contextId}&status=TASK_STATE_COMPLETED`);
  const { body: whole } = await rig.call('/tasks?contextId=&pageSize=3');
  const since = encodeURIComponent(page.tasks[0]!.status.timestamp!);
  const { body: latest } = await rig.call(`/tasks?statusTimestampAfter=${since}&pageSize=1`);

  expect([idsOf(page.tasks), page.totalSize, page.pageSize]).toEqual([[third.id, second.id], 3, 2]);
  expect(page.tasks[0]).toEqual({
    id: third.id,
    contextId: first.contextId,
    status: { state: 'TASK_STATE_COMPLETED', timestamp: expect.any(String) },
    metadata: expect.any(Object),
  });
  expect([rest.tasks[0]!.artifacts, rest.nextPageToken]).toEqual([
    [{ artifactId: 'answer', parts: [{ text: 'one' }] }],
    '',
  ]);
  expect([ofContext, whole, latest].map(({ tasks, nextPageToken }) => [idsOf(tasks), nextPageToken])).toEqual([
    [[third.id, first.id], ''],
    [[third.id, second.id, first.id], ''],
    [[third.id], ''],
  ]);
});

test('the same message once more is the same task, and another with its id is refused', async () => {
  await using rig = await openA2A({ steps: [slow] });
  const message = { messageId: 'm1' };

  const first = await rig.send(message, { ...immediately, historyLength: 0 });
  const again = await rig.send(message, immediately);
  const other = await rig.call('/message:send', sent({ ...message, parts: [{ text: 'Who?' }] }, immediately));

  expect(first).toEqual({
    id: again.id,
    contextId: again.contextId,
    status: { state: 'TASK_STATE_SUBMITTED', timestamp },
    artifacts: [],
  });
  expect(other.status).toBe(422);
  await rig.call(`/tasks/${first.id}:cancel`, undefined, 'POST');
});

test('a task in the background is followed with GET as with POST, and not with HEAD', async () => {
  await using rig = await openA2A({ steps: [background(reply(['Once ', 'upon']))] });
  const { id } = await rig.send({}, immediately);

  const streams = await Promise.all(
    ['GET', 'POST'].map((method) => rig.post(`/tasks/${id}:subscribe`, undefined, { method, headers })),
  );
  const head = await rig.post(`/tasks/${id}:subscribe`, undefined, { method: 'HEAD', headers });
  const [got, posted] = await Promise.all(streams.map(framesOf));

  expect(head.status).toBe(404);
  expect([got!.at(-1), posted!.at(-1)]).toMatchObject(
    Array.from({ length: 2 }, () => ({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } })),
  );
});

test('the end of the server, or of the task’s context, ends the stream with an error and not with a state', async () => {
  await using rig = await openA2A({ steps: [slow, slow] });
  const [first, second] = [await rig.send({}, immediately), await rig.send({}, immediately)];
  const subscribe = (id: string): Promise<Response> => rig.get(`/tasks/${id}:subscribe`, { headers });
  const [deleted, stopped] = [await subscribe(first.id), await subscribe(second.id)];

  await rig.post(`/sessions/${first.contextId}`, undefined, { method: 'DELETE' });
  const ofDeleted = await framesOf(deleted);
  const closing = rig.app.close();
  const ofStopped = await framesOf(stopped);
  await closing;

  expect([ofDeleted.at(-1), ofStopped.at(-1)]).toEqual([
    { event: 'error', error: errorOf('NOT_FOUND', 'The run was deleted.') },
    { event: 'error', error: errorOf('SERVER_STOPPING', 'The server is shutting down. Ask again soon.') },
  ]);
});

test('a task in the background that waits continues as a stream, or without a connection', async () => {
  const { pay, paid } = paying();
  const asks = background(callTool('pay', [five], { callId: 'call_1' }));
  const steps = [asks, asks, background(reply('Paid.')), slow];
  await using rig = await openA2A({ agent: { tools: [pay] }, steps });
  const [first, second] = [await inBackground(rig), await inBackground(rig)];
  const yes = (taskId: string): object => ({ taskId, parts: [{ data: { approvals: approved } }] });

  const frames = await framesOf(await rig.post('/message:stream', sent(yes(first.id)), { headers }));
  const { status } = await rig.send(yes(second.id), immediately);
  await expect.poll(() => paid).toEqual([5, 5]);
  const { body: canceled } = await rig.call(`/tasks/${second.id}:cancel`, undefined, 'POST');

  expect(brief(frames).at(-1)).toBe('TASK_STATE_COMPLETED');
  expect([status.state, canceled.status.state]).toEqual(['TASK_STATE_SUBMITTED', 'TASK_STATE_CANCELED']);
});

test('canceling a task that waits for approval gives up its calls', async () => {
  const { pay, paid } = paying();
  await using rig = await openA2A({ agent: { tools: [pay] }, steps: [background(callTool('pay', [five]))] });
  const { id } = await inBackground(rig);

  const { body } = await rig.call(`/tasks/${id}:cancel`, undefined, 'POST');

  expect([body.status.state, paid]).toEqual(['TASK_STATE_CANCELED', []]);
});

test('canceling waits five seconds for a worker that does not answer', async () => {
  await using rig = await openA2A({ api: 'chat_completions' });
  const { run } = await rig.store.runs.create(newRun({ owner: 'local' }));
  await rig.store.runs.claim(run.runId);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

  const canceling = rig.call(`/tasks/${run.runId}:cancel`, undefined, 'POST');
  await expect.poll(async () => (await rig.store.runs.load(run.runId))!.isCancelRequested).toBe(true);
  await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(1);
  await vi.advanceTimersByTimeAsync(5_000);

  expect((await canceling).body.status.state).toBe('TASK_STATE_SUBMITTED');
});

test('a cancel that waits for a worker gets 503 when the server stops', async () => {
  await using rig = await openA2A({ api: 'chat_completions' });
  const { run } = await rig.store.runs.create(newRun({ owner: 'local' }));
  await rig.store.runs.claim(run.runId);
  const canceling = rig.call(`/tasks/${run.runId}:cancel`, undefined, 'POST');
  await expect.poll(async () => (await rig.store.runs.load(run.runId))!.isCancelRequested).toBe(true);

  await rig.app.close();

  const { status, body } = await canceling;
  expect([status, body.error.status, body.error.message]).toEqual([
    503,
    'UNAVAILABLE',
    'The server is shutting down. Ask again soon.',
  ]);
});

test('waiting for a task takes one of the caller’s places, and beginning one in the background takes none', async () => {
  await using rig = await openA2A({ ceilings: { streamsPerUser: 0 }, steps: [slow] });
  const { id } = await rig.send({}, immediately);

  const refused = [
    await rig.call(`/tasks/${id}:subscribe`, undefined, 'POST'),
    await rig.call('/message:send', sent({})),
    await rig.call('/message:stream', sent({})),
  ];
  const { sessions } = (await (await rig.get('/sessions')).json()) as unknown as { sessions: unknown[] };
  await rig.call(`/tasks/${id}:cancel`, undefined, 'POST');

  expect(refused.map(({ status, body }) => [status, body.error.status])).toEqual(
    refused.map(() => [429, 'RESOURCE_EXHAUSTED']),
  );
  expect(sessions).toHaveLength(1);
});

test('a task that is answered at once cannot be followed or canceled by others', async () => {
  const { pay } = paying();
  await using rig = await openA2A({ agent: { tools: [pay] }, steps: [callTool('pay', [five])] });
  const { id } = await rig.send({});

  const answers = [
    await rig.call(`/tasks/${id}:subscribe`, undefined, 'POST'),
    await rig.call(`/tasks/${id}:cancel`, undefined, 'POST'),
  ];

  expect(answers.map(({ body }) => [body.error.details[0].reason, body.error.message])).toEqual([
    ['UNSUPPORTED_OPERATION', 'This task is streamed only to the request that sent its message.'],
    ['TASK_NOT_CANCELABLE', 'The task has ended, or waits for approval. Reject its calls instead.'],
  ]);
});

/** A task that has ended, or waits for approval. */
async function inBackground(rig: A2ARig, message: object = {}): Promise<Task> {
  const { id } = await rig.send(message, immediately);
  await framesOf(await rig.get(`/tasks/${id}:subscribe`, { headers }));
  return (await rig.call(`/tasks/${id}`)).body;
}

function idsOf(tasks: readonly Task[]): readonly string[] {
  return tasks.map(({ id }) => id);
}
