// A task while its answer is streamed: found by its owner, not to be followed, and canceled.
import { reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import type { Task } from '../../../src/protocols/a2a/wire.ts';
import { type Frame, frames, memoryStore } from '../../app-rig.ts';
import { asked, errorOf, says, timestamp } from './expected.ts';
import { type A2ARig, openA2A, sent } from './rig.ts';

const headers = { 'a2a-version': '1.0' };
const stuck = reply(['Half ', 'an answer'], { fault: stallAfter({ chunks: 1 }) });

test('a task whose context another server has deleted is not canceled: it fails', async () => {
  await using rig = await openA2A({ steps: [stuck] });
  const { id, contextId, reading } = await begun(rig);

  await rig.store.runs.forgetSession(contextId, { owner: 'local' });
  const { body } = await rig.call(`/tasks/${id}:cancel`, undefined, 'POST');
  const rest = await Array.fromAsync(reading);

  const of = { taskId: id, contextId };
  const message = says({ id, contextId }, [{ text: 'The session was deleted while this turn was being answered.' }]);
  expect(body.error).toEqual(
    errorOf('TASK_NOT_CANCELABLE', 'The task has ended, or waits for approval. Reject its calls instead.'),
  );
  expect(rest.map(({ data }) => data)).toEqual([
    {
      artifactUpdate: {
        ...of,
        artifact: { artifactId: 'answer', parts: [{ text: '' }] },
        append: true,
        lastChunk: true,
      },
    },
    {
      statusUpdate: {
        ...of,
        status: { state: 'TASK_STATE_FAILED', message, timestamp },
        metadata: { error: { code: 'not_found', retryable: false, retryAfterMs: null } },
      },
    },
  ]);
});

test('a task is found while it is streamed, and canceled with what was said', async () => {
  const store = memoryStore();
  await using rig = await openA2A({ store, steps: [stuck] });
  await using theirs = await openA2A({ store, identity: { authenticate: async () => 'eve' } });
  const { id, contextId, reading } = await begun(rig);

  const { body: found } = await rig.call(`/tasks/${id}`);
  const refused = [
    await rig.call(`/tasks/${id}:subscribe`, undefined, 'POST'),
    await rig.call('/message:send', sent({ taskId: id })),
    await theirs.call(`/tasks/${id}:cancel`, undefined, 'POST'),
  ];
  const { body: canceled } = await rig.call(`/tasks/${id}:cancel`, undefined, 'POST');
  const rest = await Array.fromAsync(reading);
  const { body: stored } = await rig.call(`/tasks/${id}`);
  const again = await rig.call(`/tasks/${id}:cancel`, undefined, 'POST');

  const of = { taskId: id, contextId };
  const task = {
    id,
    contextId,
    artifacts: [{ artifactId: 'answer', parts: [{ text: 'Half ' }] }],
    history: [asked({ id, contextId })],
  };
  const end = {
    status: { state: 'TASK_STATE_CANCELED', timestamp },
    metadata: { finishReason: null, usage: null },
  };
  const last = { artifactId: 'answer', parts: [{ text: '' }] };
  expect([found, canceled, stored]).toEqual([
    { ...task, status: { state: 'TASK_STATE_WORKING', timestamp } },
    { ...task, ...end },
    { ...task, status: { state: 'TASK_STATE_CANCELED' } },
  ]);
  expect(rest.map(({ data }) => data)).toEqual([
    { artifactUpdate: { ...of, artifact: last, append: true, lastChunk: true } },
    { statusUpdate: { ...of, ...end } },
  ]);
  expect([...refused, again].map(({ body }) => body.error)).toEqual([
    errorOf('UNSUPPORTED_OPERATION', 'This task is streamed only to the request that sent its message.'),
    errorOf('UNSUPPORTED_OPERATION', 'This task is being worked on. For a new task in its context, leave taskId out.'),
    errorOf('TASK_NOT_FOUND', 'There is no such task.'),
    errorOf('TASK_NOT_CANCELABLE', 'The task has ended, or waits for approval. Reject its calls instead.'),
  ]);
});

/** A task of which the first words have come. */
async function begun(
  rig: A2ARig,
): Promise<{ id: string; contextId: string; reading: AsyncGenerator<Frame, undefined> }> {
  const reading = frames(await rig.post('/message:stream', sent({}), { headers }));
  const { id, contextId } = (await reading.next()).value!.data['task'] as Task;
  await reading.next();
  return { id, contextId, reading };
}
