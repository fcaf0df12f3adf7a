// What ends a run that waits for approval: another turn, time, a cancel, the deletion of its session.
import { afterEach, expect, test, vi } from 'vitest';
import {
  ada,
  askingTurn,
  batch,
  claimed,
  claimOf,
  completed,
  everything,
  type OpenRig,
  parked,
  turn,
  yes,
} from './fixtures.ts';
import { expired, jobsOf, parkedRun } from './parked-run.ts';

export function testsOfGivenUpRuns(openRig: OpenRig): void {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(['a chat', 'another run'])('the turn of %s ends a run that waits', async (what) => {
    await using rig = await openRig();
    const { store } = rig;
    const { runId } = await parkedRun(store, { callbackUrl: 'https://example.test/' });
    const run = (await store.runs.get(runId, ada))!;
    const { sessionId } = run;
    const other = await claimed(store, { sessionId });

    if (what === 'a chat') await store.runs.appendTurn(run, ada, turn, 1);
    else await store.runs.finish(other, completed());

    const end = { ...expired, message: expect.stringContaining('Another turn') };
    expect(await store.runs.get(runId, ada)).toMatchObject({ state: 'failed', approvals: null, end });
    await expect(store.runs.answerRun(runId, ada, yes)).rejects.toMatchObject({ code: 'approval_expired' });
    const jobs = [`callback ${runId} 1`, `callback ${runId} 1`, `run ${runId} 1`, `run ${other.runId} 1`];
    expect(await jobsOf(store, 4)).toEqual(jobs.toSorted());
  });

  test('a turn that comes once a run has been approved does not stop it', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { runId } = await parkedRun(store);
    const run = (await store.runs.get(runId, ada))!;
    await store.runs.answerRun(runId, ada, yes);
    const claim = await claimOf(store, runId);

    await store.runs.appendTurn(run, ada, turn, 1);
    await store.runs.finish(claim, completed());

    expect(await store.runs.get(runId, ada)).toMatchObject({ state: 'completed' });
    expect(await store.history.load(run)).toMatchObject({ turns: [askingTurn, turn, turn] });
  });

  test('runs that were not approved in time end', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claims = [await claimed(rig.store), await claimed(rig.store)] as const;
    vi.useFakeTimers({ toFake: ['Date'] });
    await runs.park(claims[0], parked(batch(1_000)));
    await runs.park(claims[1], parked(batch(1_001)));
    vi.setSystemTime(Date.now() + 1_000);

    const late = runs.answerRun(claims[0].runId, ada, yes);
    await expect(late).rejects.toMatchObject({ code: 'approval_expired' });
    await runs.expireApprovals();

    const end = { ...expired, message: expect.stringContaining('in time') };
    expect(await runs.get(claims[0].runId, ada)).toMatchObject({ state: 'failed', end });
    expect(await runs.get(claims[1].runId, ada)).toMatchObject({ state: 'awaiting_approval' });
  });

  test('cancelling a run that waits ends it at once, and one that was to be cancelled does not begin to wait', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { runId } = await parkedRun(rig.store);
    const hurried = await claimed(rig.store);
    await runs.requestCancel(hurried.runId, ada);

    const cancelled = await runs.requestCancel(runId, ada);
    await runs.park(hurried, parked());

    expect(cancelled).toMatchObject({ state: 'cancelled', approvals: null });
    await expect(runs.answerRun(runId, ada, yes)).rejects.toMatchObject({ code: 'approval_expired' });
    expect(await runs.get(hurried.runId, ada)).toMatchObject({ state: 'cancelled', approvals: null });
    expect(await runs.events(hurried.runId, everything)).toHaveLength(2);
  });

  test('deleting the session deletes a run that waits, and a run whose session is gone does not begin to wait', async () => {
    await using rig = await openRig();
    const { runs, sessions } = rig.store;
    const { runId } = await parkedRun(rig.store);
    const { sessionId } = (await runs.get(runId, ada))!;
    const late = await claimed(rig.store);
    const { sessionId: gone } = (await runs.get(late.runId, ada))!;
    await sessions.delete(gone, ada);

    await runs.forgetSession(sessionId, ada);
    const park = runs.park(late, parked()).catch((error: unknown) => error);

    expect(await runs.answerRun(runId, ada, yes)).toBeNull();
    expect(await park).toMatchObject({ code: 'not_found' });
    expect(await runs.get(late.runId, ada)).toMatchObject({ state: 'queued' });
  });
}
