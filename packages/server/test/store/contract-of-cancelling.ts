// How a run is asked to end.
import { expect, test } from 'vitest';
import {
  ada,
  claimed,
  claimOf,
  completed,
  everything,
  jobsLeft,
  Notes,
  newRun,
  type OpenRig,
  token,
} from './fixtures.ts';

export function testsOfCancelling(openRig: OpenRig): void {
  test('an unclaimed run is cancelled at once', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { run } = await store.runs.create(newRun({ callbackUrl: 'https://example.test/' }));

    const cancelled = await store.runs.requestCancel(run.runId, ada);

    const end = { type: 'done', status: 'cancelled', finishReason: null, usage: null };
    expect(cancelled).toEqual({
      ...run,
      state: 'cancelled',
      isCancelRequested: true,
      end,
      endedAtMs: expect.any(Number),
    });
    expect(await store.runs.get(run.runId, ada)).toEqual(cancelled);
    expect(await store.runs.events(run.runId, { after: 1, limit: 10 })).toEqual([{ seq: 2, event: end }]);
    expect(await store.runs.claim(run.runId)).toBeNull();
    expect(await store.history.load(run)).toMatchObject({ turns: [], version: 0 });
    expect(await jobsLeft(store)).toEqual([`callback ${run.runId} 1`, `run ${run.runId} 1`]);
  });

  test('cancelling a claimed run is a request, and the run stays open until its worker ends it', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);
    await runs.record(claim, [], token('r1'));

    const asked = await runs.requestCancel(claim.runId, ada);
    const askedAgain = await runs.requestCancel(claim.runId, ada);
    const next = await runs.claim(claim.runId);

    expect(asked).toMatchObject({ state: 'in_progress', isCancelRequested: true, end: null, endedAtMs: null });
    expect(askedAgain).toEqual(asked);
    expect(next!.run).toMatchObject({ isCancelRequested: true, token: token('r1') });
    expect(await runs.events(claim.runId, everything)).toHaveLength(1);
  });

  test('cancelling a released run is left to the next worker', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);
    await runs.release(claim);

    const asked = await runs.requestCancel(claim.runId, ada);

    expect(asked).toMatchObject({ state: 'queued', isCancelRequested: true, end: null });
    expect(await claimOf(rig.store, claim.runId)).toMatchObject({ attempts: 1 });
  });

  test('a cancelled run that was put off is due at once', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { run } = await store.runs.create(newRun());
    const notes = new Notes();
    const putOff = notes.work('run', async ({ runId }) => (await store.runs.claim(runId)) && 3_600_000);
    {
      await using _working = await store.runs.work({ run: putOff, callback: async () => null, concurrency: 1 });
      await notes.first(1);
    }

    await store.runs.requestCancel(run.runId, ada);

    expect(await jobsLeft(store)).toEqual([`run ${run.runId} 2`]);
  });

  test('cancelling an ended run changes nothing', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);
    await runs.finish(claim, completed());
    const ended = await runs.get(claim.runId, ada);

    const asked = await runs.requestCancel(claim.runId, ada);

    expect(asked).toEqual(ended);
    expect(asked).toMatchObject({ state: 'completed', isCancelRequested: false });
  });
}
