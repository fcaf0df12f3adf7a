// A task in the background, awaited by the request that decides about its calls.
import { background, callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import type { Task } from '../../../src/protocols/a2a/wire.ts';
import type { RigOptions } from '../../app-rig.ts';
import { approved, five, paying } from '../../paying.ts';
import { timestamp } from './expected.ts';
import { type A2ARig, framesOf, openA2A, sent } from './rig.ts';

const headers = { 'a2a-version': '1.0' };
const immediately = { returnImmediately: true };
const slow = background(reply(['Paid', '.'], { chunkDelayMs: 60_000 }));

test('the decision is answered with the task at its end', async () => {
  await using rig = await openPaying({ steps: [background(reply('Paid.'))] });
  const { id, contextId } = await waiting(rig);

  const task = await rig.send({ taskId: id, parts: yes('call_1') }, { historyLength: 0 });

  expect(task).toEqual({
    id,
    contextId,
    status: { state: 'TASK_STATE_COMPLETED', timestamp },
    artifacts: [{ artifactId: 'answer', parts: [{ text: 'Paid.' }] }],
    metadata: { finishReason: 'stop', usage: expect.any(Object) },
  });
});

test('a task that asks once more is answered as it waits, with a message of its own', async () => {
  await using rig = await openPaying({ steps: [background(callTool('pay', [five], { callId: 'call_2' }))] });
  const first = await waiting(rig);

  const second = await rig.send({ taskId: first.id, parts: yes('call_1') });

  expect(second.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  expect([first, second].map(({ status }) => status.message!.messageId)).toEqual([
    `${first.id}-approval-call_1`,
    `${first.id}-approval-call_2`,
  ]);
});

test('a server that goes away says so, and the task goes on', async () => {
  await using rig = await openPaying({ steps: [slow] });
  const { id } = await waiting(rig);
  const awaited = rig.call('/message:send', sent({ taskId: id, parts: yes('call_1') }));
  await expect.poll(() => rig.model.requests.at(-1)!.texts).toContain('paid 5');

  await rig.app.close();

  const { status, body } = await awaited;
  expect([status, body.error.status]).toEqual([503, 'UNAVAILABLE']);
  expect(await rig.store.runs.load(id)).toMatchObject({ end: null });
});

test('a caller that disconnects frees its slot for its next message, and the task goes on', async () => {
  await using rig = await openPaying({ ceilings: { streamsPerUser: 1 }, steps: [slow, reply('Hi.')] });
  const { id } = await waiting(rig);
  const leaving = new AbortController();
  const awaited = rig.post('/message:send', sent({ taskId: id, parts: yes('call_1') }), {
    headers,
    signal: leaving.signal,
  });
  await expect.poll(() => rig.model.requests.at(-1)!.texts).toContain('paid 5');

  leaving.abort();
  await expect(awaited).rejects.toThrow();

  await expect.poll(async () => (await rig.call('/message:send', sent({}))).status).toBe(200);
  expect(await rig.store.runs.load(id)).toMatchObject({ end: null });
  await rig.call(`/tasks/${id}:cancel`, undefined, 'POST');
});

test('a question to a task that is being worked on is refused with what to do instead', async () => {
  await using rig = await openA2A({ steps: [slow] });
  const { id } = await rig.send({}, immediately);

  const { status, body } = await rig.call('/message:send', sent({ taskId: id }));

  expect([status, body.error.message]).toEqual([
    400,
    'This task is being worked on. For a new task in its context, leave taskId out.',
  ]);
  await rig.call(`/tasks/${id}:cancel`, undefined, 'POST');
});

/** A server whose model first calls the tool `pay`. */
function openPaying({ steps = [], ...options }: RigOptions): Promise<A2ARig> {
  const asks = background(callTool('pay', [five], { callId: 'call_1' }));
  return openA2A({ agent: { tools: [paying().pay] }, steps: [asks, ...steps], ...options });
}

/** A task in the background that waits for approval. */
async function waiting(rig: A2ARig): Promise<Task> {
  const { id } = await rig.send({}, immediately);
  await framesOf(await rig.get(`/tasks/${id}:subscribe`, { headers }));
  return (await rig.call(`/tasks/${id}`)).body;
}

function yes(callId: string): readonly object[] {
  return [{ data: { approvals: [{ ...approved[0]!, callId }] } }];
}
