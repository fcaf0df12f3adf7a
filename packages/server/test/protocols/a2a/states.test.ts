// Tasks in the background, one in each state of a run: as a list, alone, and by the state that is asked for.
import { expect, test } from 'vitest';
import type { Task } from '../../../src/protocols/a2a/wire.ts';
import type { RunEnd, ServerStore } from '../../../src/store/run-store.ts';
import { claimed, completed, newRun, parked, token, update } from '../../store/fixtures.ts';
import { asked, errorOf, says, timestamp } from './expected.ts';
import { openA2A, sent } from './rig.ts';

const noIds = { id: 'ID', contextId: 'CONTEXT' };
const mine = { owner: 'local' };

test('each state of a run is a state of its task, and is found by it', async () => {
  await using rig = await openA2A({ api: 'chat_completions' });
  const names = await oneInEachState(rig.store);

  const { body: all } = await rig.call('/tasks?includeArtifacts=true');
  const byState: Record<string, readonly string[]> = {};
  for (const state of STATES) {
    const { body } = await rig.call(`/tasks?status=TASK_STATE_${state}`);
    byState[state] = body.tasks.map(({ id }) => names.get(id)!).toSorted();
  }

  const expiresAtMs = expect.any(Number);
  const approvals = [{ callId: 'call_1', name: 'pay', arguments: '{"euros":5}', expiresAtMs }];
  const asking = [{ text: expect.any(String) }, { data: { approvals }, mediaType: 'application/json' }];
  const busy = { error: { code: 'rate_limited', retryable: true, retryAfterMs: 500 } };
  const cut = [{ text: 'The answer is incomplete: the model stopped early.' }];
  expect(Object.fromEntries(all.tasks.map((task) => [names.get(task.id), withoutIds(task)]))).toEqual({
    queued: taskIn('SUBMITTED'),
    'in progress': taskIn('WORKING', { text: 'Ray' }),
    'awaiting approval': taskIn('INPUT_REQUIRED', { message: says(noIds, asking, 'approval-call_1') }),
    completed: taskIn('COMPLETED', { text: 'Rayleigh.', metadata: { finishReason: 'stop', usage: null } }),
    incomplete: taskIn('FAILED', {
      text: 'Ray',
      message: says(noIds, cut),
      metadata: { finishReason: 'length', usage: null },
    }),
    failed: taskIn('FAILED', { text: 'Ray', message: says(noIds, [{ text: 'Busy.' }]), metadata: busy }),
    cancelled: taskIn('CANCELED', { metadata: { finishReason: null, usage: null } }),
  });
  expect(byState).toEqual({
    UNSPECIFIED: [...names.values()].toSorted(),
    SUBMITTED: ['queued'],
    WORKING: ['in progress'],
    INPUT_REQUIRED: ['awaiting approval'],
    COMPLETED: ['completed'],
    FAILED: ['failed', 'incomplete'],
    CANCELED: ['cancelled'],
    REJECTED: [],
    AUTH_REQUIRED: [],
  });
});

test('each state says what cannot be done in it, and what to do instead', async () => {
  await using rig = await openA2A({ api: 'chat_completions' });
  const names = await oneInEachState(rig.store);
  const [queued, waiting, ended] = ['queued', 'awaiting approval', 'completed'].map(
    (name) => [...names].find((entry) => entry[1] === name)![0],
  );
  const approvals = [{ callId: 'call_1', arguments: '{"euros":5}', approved: true }];

  const refused = [
    await rig.call(`/tasks/${ended}:subscribe`, undefined, 'POST'),
    await rig.call(`/tasks/${ended}:cancel`, undefined, 'POST'),
    await rig.call('/message:send', sent({ taskId: ended })),
    await rig.call('/message:send', sent({ taskId: queued })),
    await rig.call('/message:send', sent({ taskId: waiting })),
    await rig.call('/message:send', sent({ taskId: queued, parts: [{ data: { approvals } }] })),
    await rig.call('/message:send', sent({ taskId: waiting, contextId: 'other' })),
    await rig.call('/message:send', sent({ referenceTaskIds: [ended] })),
  ];

  const unsupported = (message: string) => errorOf('UNSUPPORTED_OPERATION', message);
  expect(refused.map(({ body }) => body.error)).toEqual([
    unsupported('The task has ended. Get it instead.'),
    errorOf('TASK_NOT_CANCELABLE', 'The task has ended, or waits for approval. Reject its calls instead.'),
    unsupported('This task has ended. For a new task in its context, leave taskId out.'),
    unsupported('This task is being worked on. For a new task in its context, leave taskId out.'),
    unsupported(
      'This task waits for approvals, as data; its status message has the calls. ' +
        'For a new task in its context, leave taskId out.',
    ),
    unsupported('This task waits for no approval.'),
    errorOf('INPUT_INVALID', 'The task belongs to another context. Leave contextId out, or correct it.'),
    unsupported('A message can refer only to tasks of its own context.'),
  ]);
});

const STATES = [
  'UNSPECIFIED',
  'SUBMITTED',
  'WORKING',
  'INPUT_REQUIRED',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'REJECTED',
  'AUTH_REQUIRED',
];

/** A task without its ids; `text` is its answer. */
function taskIn(
  state: string,
  { text, message, metadata }: { text?: string; message?: object; metadata?: object } = {},
) {
  return {
    ...noIds,
    status: {
      state: `TASK_STATE_${state}`,
      ...(message && { message }),
      timestamp,
    },
    artifacts: text === undefined ? [] : [{ artifactId: 'answer', parts: [{ text }] }],
    history: [asked(noIds, 'Why?')],
    ...(metadata && { metadata }),
  };
}

/** The ids of the runs and the names of their states. */
async function oneInEachState(store: ServerStore): Promise<ReadonlyMap<string, string>> {
  const { runs } = store;
  const names = new Map<string, string>();
  const begin = async (name: string) => {
    const claim = await claimed(store, mine);
    names.set(claim.runId, name);
    return claim;
  };
  const cut: RunEnd['events'] = [
    update('Ray'),
    { type: 'done', status: 'incomplete', finishReason: 'length', usage: null },
  ];
  const failed: RunEnd['events'] = [
    update('Ray'),
    { type: 'error', code: 'rate_limited', message: 'Busy.', retryable: true, retryAfterMs: 500 },
  ];
  const gone: RunEnd['events'] = [{ type: 'done', status: 'cancelled', finishReason: null, usage: null }];
  const { run } = await runs.create(newRun(mine));
  names.set(run.runId, 'queued');
  await runs.record(await begin('in progress'), [update('Ray')], token('r1'));
  await runs.park(await begin('awaiting approval'), parked());
  await runs.finish(await begin('completed'), completed());
  await runs.finish(await begin('incomplete'), { state: 'incomplete', events: cut, turn: null });
  await runs.finish(await begin('failed'), { state: 'failed', events: failed, turn: null });
  await runs.finish(await begin('cancelled'), { state: 'cancelled', events: gone, turn: null });
  return names;
}

/** The task, with `ID` and `CONTEXT` for its ids. */
function withoutIds(task: Task): unknown {
  return JSON.parse(JSON.stringify(task).replaceAll(task.id, 'ID').replaceAll(task.contextId, 'CONTEXT'));
}
