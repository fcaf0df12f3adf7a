// The frames of an answer: a fold from updates, without a server.
import type { AgentResponse, Content } from '@turnstream/core';
import { expect, test } from 'vitest';
import { AnswerFrames } from '../../../src/protocols/a2a/answer-frames.ts';
import { WORKING } from '../../../src/protocols/a2a/outcome.ts';
import { TaskView } from '../../../src/protocols/a2a/task-view.ts';
import type { ApprovalBatch } from '../../../src/store/approvals.ts';
import { brief } from './rig.ts';

const head = { id: 't1', contextId: 'c1', question: 'Draw a cat.' };

function folded(waiting: ApprovalBatch | null = null): { readonly fold: AnswerFrames; readonly view: TaskView } {
  const view = new TaskView(head, { outcome: WORKING });
  return { view, fold: new AnswerFrames(view, () => waiting) };
}

const said = (text: string, ...others: Content[]) => ({ text, contents: others });
const ended = (status: AgentResponse['status']) =>
  ({ status, finishReason: 'length', usage: null }) as unknown as AgentResponse;

test('text is added to one artifact, whose last piece is marked', () => {
  const { fold, view } = folded();

  const frames = [fold.begin(), fold.update(said('A ')), fold.update(said('')), fold.update(said('cat.'))].flat();
  const last = fold.done(ended('completed'));

  const pieces = [...frames, ...last].flatMap((frame) => ('artifactUpdate' in frame ? frame.artifactUpdate : []));
  expect(pieces.map(({ append, lastChunk, artifact }) => [append, lastChunk, artifact.parts])).toEqual([
    [false, false, [{ text: 'A ' }]],
    [true, false, [{ text: 'cat.' }]],
    [true, true, [{ text: '' }]],
  ]);
  expect(view.task().artifacts).toEqual([{ artifactId: 'answer', parts: [{ text: 'A cat.' }] }]);
});

test('files of the model are artifacts of their own; reasoning and calls stay at the server', () => {
  const { fold, view } = folded();

  fold.update(
    said(
      '',
      { type: 'data', uri: 'data:image/png;base64,aGk=', mediaType: 'image/png' },
      { type: 'uri', uri: 'https://example.com/cat.png', mediaType: 'image/png' },
      { type: 'text_reasoning', text: 'secret' },
      { type: 'function_call', callId: 'c1', name: 'draw', arguments: '{}' },
    ),
  );

  expect(view.task().artifacts).toEqual([
    { artifactId: 'file-1', parts: [{ raw: 'aGk=', mediaType: 'image/png' }] },
    { artifactId: 'file-2', parts: [{ url: 'https://example.com/cat.png', mediaType: 'image/png' }] },
  ]);
});

test.each([
  ['completed', null, ['TASK_STATE_COMPLETED']],
  ['incomplete', null, ['TASK_STATE_FAILED']],
  ['cancelled', null, ['TASK_STATE_CANCELED']],
  [
    'completed',
    { calls: [{ callId: 'c1', name: 'pay', arguments: '{}' }], expiresAtMs: 1 },
    ['TASK_STATE_INPUT_REQUIRED'],
  ],
] as const)('an answer without text that is %s, with %j to approve, ends with %j', (status, waiting, states) => {
  const { fold } = folded(waiting);

  expect(brief(fold.done(ended(status)))).toEqual(states);
});

test('a failed answer says why, and whether to try again', () => {
  const { fold, view } = folded();
  fold.update(said('Half a '));

  fold.failed({ type: 'error', code: 'idle_timeout', message: 'Too slow.', retryable: true, retryAfterMs: 500 });

  expect(view.task()).toMatchObject({
    status: { state: 'TASK_STATE_FAILED', message: { role: 'ROLE_AGENT', parts: [{ text: 'Too slow.' }] } },
    artifacts: [{ parts: [{ text: 'Half a ' }] }],
    metadata: { error: { code: 'idle_timeout', retryable: true, retryAfterMs: 500 } },
  });
});
