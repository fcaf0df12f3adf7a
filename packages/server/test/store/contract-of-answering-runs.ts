// Runs that wait for approval: parked with everything that belongs to it, continued once, ended by what comes between.
import { afterEach, expect, test, vi } from 'vitest';
import { type Claim, ClaimLost, type ServerStore } from '../../src/store/run-store.ts';
import {
  ada,
  askingTurn,
  batch,
  claimed,
  claimOf,
  completed,
  eve,
  everything,
  jobsLeft,
  Notes,
  newRun,
  type OpenRig,
  parked,
  token,
  turn,
  update,
  yes,
} from './fixtures.ts';

async function parkedRun(store: ServerStore, changes: Parameters<typeof newRun>[0] = {}): Promise<Claim> {
  const claim = await claimed(store, changes);
  await store.runs.record(claim, [update('I will pay. ')], token('r1'));
  await store.runs.park(claim, parked());
  return claim;
}

async function jobsOf({ runs }: ServerStore, count: number): Promise<string[]> {
  const notes = new Notes();
  const [run, callback] = [notes.work('run'), notes.work('callback')];
  await using _working = await runs.work({ run, callback, concurrency: 2 });
  return await notes.first(count);
}

const expired = {
  type: 'error',
  code: 'approval_expired',
  message: expect.any(String),
  retryable: false,
  retryAfterMs: null,
};

export function testsOfAnsweringRuns(openRig: OpenRig, { restarts }: { readonly restarts: boolean }): void {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('a run is parked with its events, its turn, its calls and a callback, and its worker has lost it', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store, { callbackUrl: 'https://example.test/' });
    await store.runs.record(claim, [update('I will pay. ')], token('r1'));
    const park = parked();

    await store.runs.park(claim, park);

    const run = (await store.runs.get(claim.runId, ada))!;
    const { approvals } = park;
    expect(run).toMatchObject({ state: 'awaiting_approval', text: 'I will pay. ', token: null, end: null, approvals });
    expect(run.askedAtMs).toBeGreaterThanOrEqual(run.createdAtMs);
    expect((await store.runs.events(claim.runId, { after: 2, limit: 9 })).map(({ event }) => event)).toEqual(
      park.events,
    );
    expect(await store.history.load(run)).toMatchObject({ turns: [askingTurn], version: 1 });
    expect(await store.runs.claim(claim.runId)).toBeNull();
    await expect(store.runs.record(claim, [update('late')], token('r1'))).rejects.toThrow(ClaimLost);
    await expect(store.runs.park(claim, park)).rejects.toThrow(ClaimLost);
    expect(await jobsLeft(store)).toEqual([`callback ${claim.runId} 1`, `run ${claim.runId} 1`]);
  });

  test('an answer gives the run to a worker once, when twenty come at the same time', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { runId } = await parkedRun(store);

    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => store.runs.answerRun(runId, ada, yes)));

    const records = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value!] : []));
    const codes = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    const answered = [{ ...batch().calls[0], approved: true }];
    expect(records).toMatchObject([{ state: 'queued', text: 'I will pay. ', answers: answered, approvals: null }]);
    expect(records[0]!.answeredAtMs).toBeGreaterThanOrEqual(records[0]!.askedAtMs!);
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'approval_expired'));
    expect(await jobsOf(store, 2)).toEqual([`run ${runId} 1`, `run ${runId} 1`]);
    const taken = (await store.runs.claim(runId))!;
    expect(taken).toMatchObject({ claim: { attempts: 1 }, run: { token: null, answers: answered } });
  });

  test('a consent is used by one worker: the next one finds that it was', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { runId } = await parkedRun(rig.store);
    await runs.answerRun(runId, ada, yes);
    const first = await claimOf(rig.store, runId);

    await runs.useConsent(first);

    const next = (await runs.claim(runId))!;
    expect(next.run).toMatchObject({ token: null, answers: [] });
    await expect(runs.useConsent(next.claim)).rejects.toThrow(ClaimLost);
    await expect(runs.useConsent(first)).rejects.toThrow(ClaimLost);
  });

  test('a run may ask again after an answer, and ends with the turns of all its rounds', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { runId } = await parkedRun(store);
    await store.runs.answerRun(runId, ada, yes);
    const second = await claimOf(store, runId);
    await store.runs.record(second, [update('Once more. ')], token('r2'));

    await store.runs.park(second, parked());
    await store.runs.answerRun(runId, ada, yes);
    await store.runs.finish(await claimOf(store, runId), completed());

    const run = (await store.runs.get(runId, ada))!;
    expect(run).toMatchObject({ state: 'completed', text: 'I will pay. Once more. Rayleigh.' });
    expect(await store.history.load(run)).toMatchObject({ turns: [askingTurn, askingTurn, turn] });
  });

  test('only the owner can answer, and not with other arguments or through the chat', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { runId } = await parkedRun(rig.store);
    const { sessionId } = (await runs.get(runId, ada))!;

    const foreign = await runs.answerRun(runId, eve, yes);
    const refused = await Promise.allSettled([
      runs.answerRun(runId, ada, [{ ...yes[0]!, arguments: '{}' }]),
      runs.takeApprovals(sessionId, ada, yes),
    ]);

    expect(foreign).toBeNull();
    expect(refused).toMatchObject([
      { status: 'rejected', reason: { code: 'input_invalid' } },
      { status: 'rejected', reason: { code: 'input_invalid', message: expect.stringContaining('/runs/') } },
    ]);
    expect(await runs.approvals(sessionId, ada)).toBeNull();
    expect(await runs.get(runId, ada)).toMatchObject({ state: 'awaiting_approval' });
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

  test('a run that waits is open, and counts as one', async () => {
    await using rig = await openRig();
    await parkedRun(rig.store);

    const another = rig.store.runs.create(newRun({ maxOpen: 1 }));

    await expect(another).rejects.toMatchObject({ code: 'overloaded' });
  });

  test('answers, turns, a deletion and the cleanup at the same time leave one outcome', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;

    for (let tries = 0; tries < 5; tries += 1) {
      const { runId } = await parkedRun(rig.store);
      const run = (await runs.get(runId, ada))!;
      const other = await claimed(rig.store, { sessionId: run.sessionId });
      const outcomes = await Promise.allSettled([
        runs.finish(other, completed()),
        runs.answerRun(runId, ada, yes),
        runs.appendTurn(run, ada, turn, 1),
        runs.requestCancel(runId, ada),
        runs.expireApprovals(),
        runs.forgetSession(run.sessionId, ada),
      ]);

      const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      const known = reasons.filter((reason) => reason instanceof ClaimLost || reason?.name === 'AgentError');
      expect(reasons).toEqual(known);
      expect(await runs.get(runId, ada)).toBeNull();
    }
  });

  if (!restarts) return;

  test('a run that waits survives a restart', async () => {
    await using rig = await openRig();
    const { runId } = await parkedRun(rig.store);
    const before = await rig.store.runs.get(runId, ada);

    const { runs } = await rig.reopen!();

    expect(await runs.get(runId, ada)).toEqual(before);
    expect(await runs.answerRun(runId, ada, yes)).toMatchObject({ state: 'queued' });
  });
}
