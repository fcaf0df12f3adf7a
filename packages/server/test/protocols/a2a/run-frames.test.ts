// The frames of a background run, over a store to which a worker writes.
import { expect, test } from 'vitest';
import { type RunReader, runFrames } from '../../../src/protocols/a2a/run-frames.ts';
import type { StreamFrame } from '../../../src/protocols/a2a/wire.ts';
import type { ServerStore } from '../../../src/store/run-store.ts';
import { memoryStore } from '../../app-rig.ts';
import { ada, claimOf, completed, newRun, parked, replace, token, update, yes } from '../../store/fixtures.ts';
import { brief } from './rig.ts';

const never = new AbortController().signal;

test('the first frame has the text so far, and the next ones only what is new', async () => {
  const { store, run, claim } = await working();
  await store.runs.record(claim, [update('Once '), update('upon ')], token('r1'));
  const frames = runFrames(store.runs, run, never);

  const first = await next(frames);
  await store.runs.record(claim, [update('a time.')], token('r1'));
  const second = await next(frames);
  await store.runs.finish(claim, { ...completed(), events: [...completed().events].slice(1) });
  const rest = await Array.fromAsync(frames);

  expect(first).toMatchObject({
    task: { status: { state: 'TASK_STATE_WORKING' }, artifacts: [{ parts: [{ text: 'Once upon ' }] }] },
  });
  expect(second).toMatchObject({
    artifactUpdate: { artifact: { artifactId: 'answer' }, append: true, lastChunk: false },
  });
  expect(brief([second, ...rest])).toEqual(['a time.', '', 'TASK_STATE_COMPLETED']);
  expect(rest[0]).toMatchObject({ artifactUpdate: { append: true, lastChunk: true } });
});

test('a run that waits for a worker is submitted, then worked on', async () => {
  const store = memoryStore();
  const { run } = await store.runs.create(newRun());
  const frames = runFrames(store.runs, run, never);

  const first = await next(frames);
  await store.runs.finish(await claimOf(store, run.runId), completed());
  const rest = await Array.fromAsync(frames);

  expect(brief([first, ...rest])).toEqual([
    'TASK_STATE_SUBMITTED',
    'TASK_STATE_WORKING',
    'Rayleigh.',
    '',
    'TASK_STATE_COMPLETED',
  ]);
});

test('an answer that begins again takes the place of the first', async () => {
  const { store, run, claim } = await working();
  await store.runs.record(claim, [update('Half an ans')], token('r1'));
  const frames = runFrames(store.runs, run, never);
  await next(frames);

  await store.runs.record(claim, [replace(run), update('Whole.')], token('r2'));

  expect(await next(frames)).toMatchObject({
    artifactUpdate: { artifact: { parts: [{ text: 'Whole.' }] }, append: false },
  });
});

test('the first frame has the text of any number of events', async () => {
  const { store, run, claim } = await working();
  await store.runs.record(
    claim,
    Array.from({ length: 450 }, () => update('x')),
    token('r1'),
  );

  const first = await next(runFrames(store.runs, run, never));

  expect(first).toMatchObject({ task: { artifacts: [{ parts: [{ text: 'x'.repeat(450) }] }] } });
});

test('a run that asks for approval ends the stream, and the next one goes on after the decision', async () => {
  const { store, run, claim } = await working();
  const frames = runFrames(store.runs, run, never);
  await next(frames);

  await store.runs.park(claim, parked());
  const asked = await Array.fromAsync(frames);
  const following = runFrames(store.runs, run, never);
  const waiting = await next(following);
  await store.runs.answerRun(run.runId, ada, yes);
  await store.runs.finish(await claimOf(store, run.runId), completed());

  expect(brief([...asked, waiting])).toEqual(['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_INPUT_REQUIRED']);
  expect(brief(await Array.fromAsync(following))).toEqual([
    'TASK_STATE_WORKING',
    'Rayleigh.',
    '',
    'TASK_STATE_COMPLETED',
  ]);
});

test('a run that has ended is one frame', async () => {
  const { store, run, claim } = await working();
  await store.runs.finish(claim, completed());

  const frames = await Array.fromAsync(runFrames(store.runs, run, never));

  expect(brief(frames)).toEqual(['TASK_STATE_COMPLETED']);
  expect(frames[0]).toMatchObject({
    task: { artifacts: [{ parts: [{ text: 'Rayleigh.' }] }], metadata: { finishReason: 'stop', usage: null } },
  });
});

test('a run that ends while its events are read is whole in the first frame', async () => {
  const { store, run, claim } = await working();
  const { runs } = store;
  const racing = readingWith(runs, async (...args) => {
    await runs.finish(claim, completed());
    return runs.get(...args);
  });

  const frames = await Array.fromAsync(runFrames(racing, run, never));

  expect(frames).toMatchObject([
    { task: { status: { state: 'TASK_STATE_COMPLETED' }, artifacts: [{ parts: [{ text: 'Rayleigh.' }] }] } },
  ]);
});

test('a run that ends after its record is read ends in the frames that follow', async () => {
  const { store, run, claim } = await working();
  const { runs } = store;
  const racing = readingWith(runs, async (...args) => {
    const record = await runs.get(...args);
    await runs.finish(claim, completed());
    return record;
  });

  const frames = await Array.fromAsync(runFrames(racing, run, never));

  expect(brief(frames)).toEqual(['TASK_STATE_WORKING', 'Rayleigh.', '', 'TASK_STATE_COMPLETED']);
});

test('a run whose calls are decided before its reader looks goes on in the same stream', async () => {
  const { store, run, claim } = await working();
  const { runs } = store;
  let isAsked = false;
  const racing = readingWith(runs, async (...args) => {
    if (isAsked) await runs.answerRun(run.runId, ada, yes);
    return runs.get(...args);
  });
  const frames = runFrames(racing, run, never);
  await next(frames);
  isAsked = true;
  await runs.park(claim, parked());
  const following = next(frames);
  await expect.poll(async () => (await runs.load(run.runId))!.state).toBe('queued');

  await runs.finish(await claimOf(store, run.runId), completed());

  expect(brief([await following, ...(await Array.fromAsync(frames))])).toEqual([
    'Rayleigh.',
    '',
    'TASK_STATE_COMPLETED',
  ]);
});

test('a run that is deleted, or an aborted signal, ends the frames with an error', async () => {
  const { store, run } = await working();
  const leaving = new AbortController();
  const [left, deleted] = [runFrames(store.runs, run, leaving.signal), runFrames(store.runs, run, never)];
  await Promise.all([next(left), next(deleted)]);

  leaving.abort(new Error('left'));
  await expect(left.next()).rejects.toThrow('left');
  await store.runs.forgetSession(run.sessionId, ada);

  await expect(deleted.next()).rejects.toMatchObject({ code: 'not_found' });
});

async function working(store: ServerStore = memoryStore()) {
  const { run } = await store.runs.create(newRun());
  const claim = await claimOf(store, run.runId);
  await store.runs.record(claim, [], token('r1'));
  return { store, run, claim };
}

/** The store's runs, read with another `get`. */
function readingWith(runs: RunReader, get: RunReader['get']): RunReader {
  return {
    changed: (...args) => runs.changed(...args),
    events: (...args) => runs.events(...args),
    look: (...args) => runs.look(...args),
    get,
  };
}

async function next(frames: AsyncGenerator<StreamFrame, undefined>): Promise<StreamFrame> {
  return (await frames.next()).value!;
}
