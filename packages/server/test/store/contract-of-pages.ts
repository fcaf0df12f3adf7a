// How an owner's runs are listed page by page.
import { afterEach, expect, test, vi } from 'vitest';
import { changedAtMs } from '../../src/store/run-page.ts';
import type { RunRecord } from '../../src/store/run-record.ts';
import { ada, batch, claimOf, completed, newRun, type OpenRig, parked, token, yes } from './fixtures.ts';

export function testsOfPages(openRig: OpenRig): void {
  afterEach(() => void vi.useRealTimers());

  test('runs come last changed first, a page at a time, with how many there are', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    stopClock();
    const [first, second, third] = [await begun(rig), await begun(rig), await begun(rig)];
    await begun(rig, 'eve');
    vi.setSystemTime(Date.now() + 1);
    await runs.requestCancel(first.runId, ada);

    const page = await runs.page('ada', { limit: 2 });
    const last = page.runs.at(-1)!;
    const after = { runId: last.runId, changedAtMs: changedAtMs(last) };
    const rest = await runs.page('ada', { limit: 2, after });

    expect([ids(page.runs), page.total]).toEqual([[first.runId, third.runId], 3]);
    expect([ids(rest.runs), rest.total]).toEqual([[second.runId], 3]);
  });

  test('runs that changed in the same millisecond are each on one page', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    stopClock();
    const made = await Promise.all([newRun(), newRun(), newRun()].map((run) => runs.create(run)));

    const seen: string[] = [];
    for (let after: { runId: string; changedAtMs: number } | undefined; ; ) {
      const [run] = (await runs.page('ada', { limit: 1, after })).runs;
      if (run === undefined) break;
      seen.push(run.runId);
      after = { runId: run.runId, changedAtMs: changedAtMs(run) };
    }

    expect(seen.toSorted()).toEqual(made.map(({ run }) => run.runId).toSorted());
  });

  test('runs are found by session, state and time of change', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    stopClock();
    const [waiting, queued] = [await begun(rig), await begun(rig)];
    vi.setSystemTime(Date.now() + 1);
    await runs.park(await claimOf(rig.store, waiting.runId), parked(batch()));
    const { total: all } = await runs.page('ada', { limit: 1 });
    const sinceMs = changedAtMs((await runs.get(waiting.runId, ada))!);

    const found = await Promise.all([
      runs.page('ada', { limit: 9, sessionId: queued.sessionId }),
      runs.page('ada', { limit: 9, states: ['awaiting_approval', 'failed'] }),
      runs.page('ada', { limit: 9, states: [] }),
      runs.page('ada', { limit: 9, changedSinceMs: sinceMs }),
      runs.page('ada', { limit: 9, changedSinceMs: sinceMs + 3_600_000 }),
    ]);

    expect(all).toBe(2);
    expect(found.map(({ runs: page, total }) => [ids(page), total])).toEqual([
      [[queued.runId], 1],
      [[waiting.runId], 1],
      [[], 0],
      [[waiting.runId], 1],
      [[], 0],
    ]);
  });

  test('a run changes when it is created, asks for approval, is answered and ends', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    stopClock();
    const createdAtMs = Date.now();
    const { runId } = (await runs.create(newRun())).run;
    const times: number[] = [];
    const look = async (): Promise<void> => {
      const [run] = (await runs.page('ada', { limit: 1, changedSinceMs: Date.now() })).runs;
      times.push(changedAtMs(run!) - createdAtMs);
    };

    await look();
    vi.setSystemTime(createdAtMs + 1_000);
    await runs.park(await claimOf(rig.store, runId), parked(batch()));
    await look();
    vi.setSystemTime(createdAtMs + 2_000);
    await runs.answerRun(runId, ada, yes);
    await look();
    const claim = await claimOf(rig.store, runId);
    await runs.record(claim, [], token('r1'));
    vi.setSystemTime(createdAtMs + 3_000);
    await runs.finish(claim, completed());
    await look();

    expect(times).toEqual([0, 1_000, 2_000, 3_000]);
  });
}

/** Stops the clock at the real time: pg-boss computes its next poll from it, and 1970 would overflow its timer. */
function stopClock(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
}

/** Each a millisecond after the one before. */
async function begun({ store }: Awaited<ReturnType<OpenRig>>, owner = 'ada'): Promise<RunRecord> {
  vi.setSystemTime(Date.now() + 1);
  return (await store.runs.create(newRun({ owner }))).run;
}

function ids(runs: readonly RunRecord[]): readonly string[] {
  return runs.map(({ runId }) => runId);
}
