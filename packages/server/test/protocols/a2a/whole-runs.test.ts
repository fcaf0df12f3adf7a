// Every frame of a background run that is followed over HTTP, while a worker writes to its store.
import { expect, test } from 'vitest';
import { frames } from '../../app-rig.ts';
import { claimOf, newRun, parked, replace, token, update, yes } from '../../store/fixtures.ts';
import { asked, says, timestamp } from './expected.ts';
import { openA2A } from './rig.ts';

const headers = { 'a2a-version': '1.0' };

test('a run is sent as its task, its text, the calls it asks for, and its end', async () => {
  await using rig = await openA2A({ api: 'chat_completions' });
  const { runs } = rig.store;
  const { run } = await runs.create(newRun({ owner: 'local' }));
  const subscribe = () => rig.get(`/tasks/${run.runId}:subscribe`, { headers });
  const following = frames(await subscribe());
  const first = (await following.next()).value!;
  const claim = await claimOf(rig.store, run.runId);
  const tool = { type: 'tool', callId: 'call_0', name: 'look', status: 'called' } as const;

  await runs.record(claim, [tool, update('Half an ans')], token('r1'));
  await runs.record(claim, [replace(run), update('May I'), update(' pay?')], token('r2'));
  await runs.park(claim, parked());
  const asking = await Array.fromAsync(following);
  const again = frames(await subscribe());
  const waiting = (await again.next()).value!;
  await runs.answerRun(run.runId, { owner: 'local' }, yes);
  const busy = { type: 'error', code: 'rate_limited', message: 'Busy.', retryable: true, retryAfterMs: 500 } as const;
  const events = [update(' Then'), busy];
  await runs.finish(await claimOf(rig.store, run.runId), { state: 'failed', events, turn: null });
  const ending = await Array.fromAsync(again);

  const ids = { id: run.runId, contextId: run.sessionId };
  const of = { taskId: run.runId, contextId: run.sessionId };
  const task = { ...ids, history: [asked(ids, 'Why?')] };
  const answer = (text: string) => ({ artifactId: 'answer', parts: [{ text }] });
  const piece = { append: true, lastChunk: false };
  const calls = [{ callId: 'call_1', name: 'pay', arguments: '{"euros":5}', expiresAtMs: expect.any(Number) }];
  const parts = [{ text: expect.any(String) }, { data: { approvals: calls }, mediaType: 'application/json' }];
  const inputRequired = { state: 'TASK_STATE_INPUT_REQUIRED', message: says(ids, parts, 'approval-call_1'), timestamp };
  const working = { statusUpdate: { ...of, status: { state: 'TASK_STATE_WORKING', timestamp } } };
  expect([first, ...asking].map(({ data }) => data)).toEqual([
    { task: { ...task, status: { state: 'TASK_STATE_SUBMITTED', timestamp }, artifacts: [] } },
    working,
    { artifactUpdate: { ...of, artifact: answer('Half an ans'), append: false, lastChunk: false } },
    { artifactUpdate: { ...of, artifact: answer('May I'), append: false, lastChunk: false } },
    { artifactUpdate: { ...of, artifact: answer(' pay?'), ...piece } },
    { statusUpdate: { ...of, status: inputRequired } },
  ]);
  expect([waiting, ...ending].map(({ data }) => data)).toEqual([
    { task: { ...task, status: inputRequired, artifacts: [answer('May I pay?')] } },
    working,
    { artifactUpdate: { ...of, artifact: answer(' Then'), ...piece } },
    { artifactUpdate: { ...of, artifact: answer(''), append: true, lastChunk: true } },
    {
      statusUpdate: {
        ...of,
        status: { state: 'TASK_STATE_FAILED', message: says(ids, [{ text: 'Busy.' }]), timestamp },
        metadata: { error: { code: 'rate_limited', retryable: true, retryAfterMs: 500 } },
      },
    },
  ]);
});
