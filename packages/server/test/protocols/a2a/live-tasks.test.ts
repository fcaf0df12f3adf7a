// Streamed tasks while they are answered.
import type { AgentResponse } from '@turnstream/core';
import { expect, test } from 'vitest';
import { LiveTasks } from '../../../src/protocols/a2a/live-tasks.ts';
import { WORKING } from '../../../src/protocols/a2a/outcome.ts';
import { TaskView } from '../../../src/protocols/a2a/task-view.ts';
import type { AnswerStream } from '../../../src/sse/answer-events.ts';

const response = { status: 'cancelled', finishReason: null, usage: null } as unknown as AgentResponse<unknown>;
const stream = { cancel: async () => {}, finalResponse: async () => response } as unknown as AnswerStream;

test('a task is found by its owner until its frames end, and canceled even if its reader is slow', async () => {
  const view = new TaskView({ id: 't1', contextId: 'c1', question: 'Hi' }, { outcome: WORKING });
  const live = new LiveTasks();
  const ended = Promise.withResolvers<void>();
  const protocol = { failed: () => '', send: () => ended.promise };
  const sending = live.during({ owner: 'ann', view }, protocol).send(stream, () => undefined);

  const found = [live.of('ann', 't1'), live.of('eve', 't1')].map((task) => task !== null);
  const canceled = await live.of('ann', 't1')!.cancel();
  ended.resolve();
  await sending;

  expect(found).toEqual([true, false]);
  expect(canceled.status.state).toBe('TASK_STATE_CANCELED');
  expect(live.of('ann', 't1')).toBeNull();
});
