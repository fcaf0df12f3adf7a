// Runs that wait for approval: parked with everything that belongs to it, and continued once.
import { expect, test } from 'vitest';
import { ClaimLost } from '../../src/store/run-store.ts';
import {
  ada,
  askingTurn,
  batch,
  claimed,
  claimOf,
  completed,
  eve,
  jobsLeft,
  newRun,
  type OpenRig,
  parked,
  token,
  turn,
  update,
  yes,
} from './fixtures.ts';
import { jobsOf, parkedRun } from './parked-run.ts';

export function testsOfAnsweringRuns(openRig: OpenRig, { restarts }: { readonly restarts: boolean }): void {
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
