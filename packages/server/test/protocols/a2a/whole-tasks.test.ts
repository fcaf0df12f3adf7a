// Every frame and every member of a task, by how its answer ends: as a stream, as a whole, and found again.
import { tool } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { callTool, httpError, reply, truncateAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { five, paying } from '../../paying.ts';
import { asked, says, timestamp } from './expected.ts';
import { framesOf, openA2A, sent } from './rig.ts';

const headers = { 'a2a-version': '1.0' };
const usage = { inputTokens: 9, outputTokens: 3, totalTokens: 12 };

test('an answer with files is a stream of the task, its pieces and its end', async () => {
  const address = 'https://example.com/cat?from=data:image/png;base64,Y2F0';
  async function* send() {
    yield chatUpdate({ contents: [{ type: 'text_reasoning', text: 'A cat?' }] });
    yield chatUpdate({ contents: [{ type: 'text', text: 'I draw.' }], phase: 'commentary', messageId: 'msg_1' });
    yield chatUpdate({ contents: [{ type: 'text', text: 'A ' }], messageId: 'msg_2' });
    yield chatUpdate({ contents: [{ type: 'data', uri: 'data:image/png;base64,Y2F0', mediaType: 'image/png' }] });
    yield chatUpdate({ contents: [{ type: 'text', text: 'cat.' }] });
    yield chatUpdate({ contents: [{ type: 'uri', uri: address, mediaType: 'image/gif' }] });
    yield chatUpdate({ contents: [{ type: 'hosted_file', fileId: 'file-1' }], finishReason: 'stop', usage });
  }
  await using rig = await openA2A({ agent: { client: { send } } });

  const frames = await framesOf(await rig.post('/message:stream', sent({}), { headers }));
  const { body: found } = await rig.call(`/tasks/${idIn(frames)}`);

  const { id, contextId } = found;
  const of = { taskId: id, contextId };
  const answer = (text: string) => ({ artifactId: 'answer', parts: [{ text }] });
  const files = [
    { artifactId: 'file-1', parts: [{ raw: 'Y2F0', mediaType: 'image/png' }] },
    { artifactId: 'file-2', parts: [{ url: address, mediaType: 'image/gif' }] },
  ] as const;
  expect(frames).toEqual([
    { task: { id, contextId, status: { state: 'TASK_STATE_WORKING', timestamp }, artifacts: [] } },
    { artifactUpdate: { ...of, artifact: answer('A '), append: false, lastChunk: false } },
    { artifactUpdate: { ...of, artifact: files[0], append: false, lastChunk: true } },
    { artifactUpdate: { ...of, artifact: answer('cat.'), append: true, lastChunk: false } },
    { artifactUpdate: { ...of, artifact: files[1], append: false, lastChunk: true } },
    { artifactUpdate: { ...of, artifact: answer(''), append: true, lastChunk: true } },
    {
      statusUpdate: {
        ...of,
        status: { state: 'TASK_STATE_COMPLETED', timestamp },
        metadata: { finishReason: 'stop', usage },
      },
    },
  ]);
  expect(rig.log.filter((line) => line.includes('"stream done"')).map((line) => JSON.parse(line).events)).toEqual([6]);
  expect(found).toEqual({
    id,
    contextId,
    status: { state: 'TASK_STATE_COMPLETED' },
    artifacts: [answer('A cat.'), ...files],
    history: [asked(found)],
  });
});

test('a stream that fails ends with the error as the state of its task', async () => {
  await using rig = await openA2A({ steps: [reply(['Half ', 'an answer'], { fault: truncateAfter({ chunks: 1 }) })] });

  const frames = await framesOf(await rig.post('/message:stream', sent({}), { headers }));
  const { body: found } = await rig.call(`/tasks/${idIn(frames)}`);

  const { id, contextId } = found;
  const of = { taskId: id, contextId };
  const answer = (text: string) => ({ artifactId: 'answer', parts: [{ text }] });
  expect(frames).toEqual([
    { task: { id, contextId, status: { state: 'TASK_STATE_WORKING', timestamp }, artifacts: [] } },
    { artifactUpdate: { ...of, artifact: answer('Half '), append: false, lastChunk: false } },
    { artifactUpdate: { ...of, artifact: answer(''), append: true, lastChunk: true } },
    {
      statusUpdate: {
        ...of,
        status: {
          state: 'TASK_STATE_FAILED',
          message: says(found, [{ text: 'The stream stopped before the answer was finished. Ask again.' }]),
          timestamp,
        },
        metadata: { error: { code: 'stream_truncated', retryable: true, retryAfterMs: null } },
      },
    },
  ]);
  expect(found).toEqual({
    id,
    contextId,
    status: {
      state: 'TASK_STATE_FAILED',
      message: says(found, [{ text: 'The answer is not complete. Send the message again, as a new task.' }]),
    },
    artifacts: [answer('Half ')],
    history: [asked(found)],
  });
});

test('a task that asks for approval says which calls, and how to answer', async () => {
  const { pay } = paying();
  const steps = [callTool('pay', [five], { callId: 'call_1' })];
  await using rig = await openA2A({ agent: { tools: [pay] }, steps });

  const task = await rig.send({});
  const { body: found } = await rig.call(`/tasks/${task.id}`);

  const { id, contextId } = task;
  const text =
    'The agent asks before it makes these calls. Approve or reject each: send a message to this task whose only part is ' +
    'data of the form {"approvals":[{"callId","arguments","approved"}]}, with the arguments as they are here.';
  const approvals = [{ callId: 'call_1', name: 'pay', arguments: five, expiresAtMs: expect.any(Number) }];
  const message = says(task, [{ text }, { data: { approvals }, mediaType: 'application/json' }], 'approval-call_1');
  const waiting = { id, contextId, artifacts: [], history: [asked(task)] };
  expect([task, found]).toEqual([
    { ...waiting, status: { state: 'TASK_STATE_INPUT_REQUIRED', message, timestamp } },
    { ...waiting, status: { state: 'TASK_STATE_INPUT_REQUIRED', message } },
  ]);
});

test('tasks that failed or were cut short say why, with what is there of the answer', async () => {
  const short = reply('A lang', { finishReason: 'length', usage });
  await using rig = await openA2A({ steps: [httpError(500), short] });

  const [failed, cut] = [await rig.send({}), await rig.send({}, { historyLength: 0 })];
  const found = [await rig.call(`/tasks/${failed.id}`), await rig.call(`/tasks/${cut.id}`)];

  const incomplete = 'The answer is not complete. Send the message again, as a new task.';
  const [ofFailed, ofCut] = [failed, cut].map(({ id, contextId }) => ({ id, contextId }));
  const artifacts = [{ artifactId: 'answer', parts: [{ text: 'A lang' }] }];
  expect([failed, cut, ...found.map(({ body }) => body)]).toEqual([
    {
      ...ofFailed,
      status: {
        state: 'TASK_STATE_FAILED',
        message: says(failed, [{ text: "The model's service failed. Ask again later." }]),
        timestamp,
      },
      artifacts: [],
      history: [asked(failed)],
      metadata: { error: { code: 'server_error', retryable: true, retryAfterMs: null } },
    },
    {
      ...ofCut,
      status: {
        state: 'TASK_STATE_FAILED',
        message: says(cut, [{ text: 'The answer is incomplete: the model stopped early.' }]),
        timestamp,
      },
      artifacts,
      metadata: { finishReason: 'length', usage: expect.objectContaining({ totalTokens: 12 }) },
    },
    {
      ...ofFailed,
      status: { state: 'TASK_STATE_FAILED', message: says(failed, [{ text: incomplete }]) },
      artifacts: [],
      history: [asked(failed)],
    },
    {
      ...ofCut,
      status: { state: 'TASK_STATE_FAILED', message: says(cut, [{ text: incomplete }]) },
      artifacts,
      history: [asked(cut)],
    },
  ]);
});

test('an answer without text is complete, and so is its task when it is read again', async () => {
  const light = tool({ name: 'light', description: 'Turns the light on.', execute: () => 'on' });
  const steps = [callTool('light', {}), reply(''), reply('')];
  await using rig = await openA2A({ agent: { tools: [light] }, steps });

  const tasks = [await rig.send({}), await rig.send({})];
  const found = [await rig.call(`/tasks/${tasks[0]!.id}`), await rig.call(`/tasks/${tasks[1]!.id}`)];

  const states = [...tasks, ...found.map(({ body }) => body)].map(({ status }) => status.state);
  expect(states).toEqual(Array.from({ length: 4 }, () => 'TASK_STATE_COMPLETED'));
});

function idIn([first]: Awaited<ReturnType<typeof framesOf>>): string {
  return first !== undefined && 'task' in first ? first.task.id : '';
}
