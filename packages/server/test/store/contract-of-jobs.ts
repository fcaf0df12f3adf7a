// How jobs reach workers: at least once, and again until they are done.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { ServerStore } from '../../src/store/run-store.ts';
import { ada, claimOf, completed, jobsLeft, Notes, newRun, type OpenRig } from './fixtures.ts';

export function testsOfJobs(openRig: OpenRig): void {
  test('a job pushed while the workers wait is delivered', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const notes = new Notes();
    await using _working = await runs.work({
      run: notes.work('run'),
      callback: notes.work('callback'),
      concurrency: 2,
    });

    const { run: first } = await runs.create(newRun());
    await notes.first(1);
    const { run: second } = await runs.create(newRun({ callbackUrl: 'https://example.test/' }));
    await runs.requestCancel(second.runId, ada);

    expect(await notes.first(3)).toEqual(
      [`run ${first.runId} 1`, `run ${second.runId} 1`, `callback ${second.runId} 1`].toSorted(),
    );
  });

  test('a job is delivered again after the delay the worker asks for', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const timesMs: number[] = [];
    const notes = new Notes();
    const { run } = await runs.create(newRun());

    const work = notes.work('run', async ({ attempt }) => {
      timesMs.push(Date.now());
      return attempt < 3 ? 300 : null;
    });
    await using _working = await runs.work({ run: work, callback: work, concurrency: 1 });
    const lines = await notes.first(3);

    expect(lines).toEqual([`run ${run.runId} 1`, `run ${run.runId} 2`, `run ${run.runId} 3`]);
    expect(timesMs[1]! - timesMs[0]!).toBeGreaterThanOrEqual(300);
    expect(timesMs[2]! - timesMs[1]!).toBeGreaterThanOrEqual(300);
  });

  test('a job whose worker rejects is delivered again after one second, then two', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const timesMs: number[] = [];
    const notes = new Notes();
    const { run } = await runs.create(newRun());

    const work = notes.work('run', ({ attempt }) => {
      timesMs.push(Date.now());
      if (attempt === 1) throw new Error('thrown at once');
      return attempt === 2 ? Promise.reject(new Error('rejected')) : Promise.resolve(null);
    });
    await using _working = await runs.work({ run: work, callback: work, concurrency: 1 });
    const lines = await notes.first(3);

    expect(lines).toEqual([`run ${run.runId} 1`, `run ${run.runId} 2`, `run ${run.runId} 3`]);
    expect(timesMs[1]! - timesMs[0]!).toBeGreaterThanOrEqual(1_000);
    expect(timesMs[2]! - timesMs[1]!).toBeGreaterThanOrEqual(2_000);
  });

  test('no more jobs of each kind than allowed are under way', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    let [now, most] = [0, 0];
    const notes = new Notes();
    const gate = Promise.withResolvers<void>();
    for (let run = 1; run <= 5; run += 1) await runs.create(newRun({ owner: `owner ${run}` }));

    const work = notes.work('run', async () => {
      now += 1;
      most = Math.max(most, now);
      await gate.promise;
      now -= 1;
      return null;
    });
    await using _working = await runs.work({ run: work, callback: work, concurrency: 2 });
    await notes.first(2);
    gate.resolve();
    await notes.first(5);

    expect(most).toBe(2);
  });

  test.each(['run', 'callback'] as const)(
    'an owner whose every %s runs forever does not block the others',
    async (kind) => {
      await using rig = await openRig();
      const { store } = rig;
      const notes = new Notes();
      const gate = Promise.withResolvers<null>();
      const ofAda = new Set<string>();
      for (let number = 1; number <= 20; number += 1) ofAda.add(await pushed(store, kind, 'ada'));
      const endless = notes.work(kind, () => gate.promise);
      const work = { run: async () => null, callback: async () => null, [kind]: endless, concurrency: 8 };
      await using _working = await store.runs.work(work);
      await notes.first(4);

      const later = [
        await pushed(store, kind, 'eve'),
        await pushed(store, kind, 'ben'),
        await pushed(store, kind, 'cleo'),
      ];
      await notes.first(7);

      const begun = notes.jobs.map(({ runId }) => runId);
      expect(begun.slice(0, 4).filter((runId) => ofAda.has(runId))).toHaveLength(4);
      expect(begun.slice(4)).toEqual(later);
      gate.resolve(null);
      expect(await notes.first(23)).toHaveLength(23);
    },
  );

  test('owners take turns, in whatever order they came', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const notes = new Notes();
    const hers: string[] = [];
    for (let number = 1; number <= 3; number += 1) hers.push(await pushed(store, 'run', 'ada'));
    const his = [await pushed(store, 'run', 'ben'), await pushed(store, 'run', 'ben')];

    const work = notes.work('run');
    await using _working = await store.runs.work({ run: work, callback: work, concurrency: 1 });
    await notes.first(5);

    expect(notes.jobs.map(({ runId }) => runId)).toEqual([hers[0], his[0], hers[1], his[1], hers[2]]);
  });

  test('callbacks have their own slots', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const [runs, callbacks] = [new Notes(), new Notes()];
    const gate = Promise.withResolvers<null>();
    for (const owner of ['ada', 'ben', 'cleo', 'dora']) await pushed(store, 'run', owner);
    for (const owner of ['ada', 'ben', 'cleo', 'dora']) await pushed(store, 'callback', owner);

    await using _working = await store.runs.work({
      run: runs.work('run', () => gate.promise),
      callback: callbacks.work('callback', () => gate.promise),
      concurrency: 1,
      callbackConcurrency: 3,
    });
    await Promise.all([runs.first(1), callbacks.first(3)]);
    const begun = [runs.lines.length, callbacks.lines.length];
    gate.resolve(null);
    await callbacks.first(4);

    expect(begun).toEqual([1, 3]);
  });

  test('stopping aborts the workers, waits for them, and keeps their unfinished jobs', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const notes = new Notes();
    const jobs = [newRun(), newRun({ owner: 'ben' }), newRun({ owner: 'cleo' })];
    const made: string[] = [];
    for (const job of jobs) made.push((await store.runs.create(job)).run.runId);
    const outcomes = [null, 0, new Error('stopped')];
    let ended = 0;

    const work = notes.work('run', async ({ runId, signal }) => {
      await once(signal, 'abort');
      ended += 1;
      const outcome = outcomes[made.indexOf(runId)]!;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    });
    const working = await store.runs.work({ run: work, callback: work, concurrency: 3 });
    await notes.first(3);
    await working[Symbol.asyncDispose]();

    expect(ended).toBe(3);
    expect(notes.jobs.map(({ signal }) => signal.reason)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ name: 'AgentError', code: 'server_stopping' })),
    );
    expect(await jobsLeft(store)).toEqual([`run ${made[1]} 2`, `run ${made[2]} 2`].toSorted());
    expect(await jobsLeft(store)).toEqual([]);
  });

  test('a job is not delivered after the workers have been stopped', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const notes = new Notes();
    const working = await store.runs.work({ run: notes.work('run'), callback: notes.work('run'), concurrency: 1 });

    await working[Symbol.asyncDispose]();
    const { run } = await store.runs.create(newRun());

    expect(await jobsLeft(store)).toEqual([`run ${run.runId} 1`]);
    expect(notes.lines).toEqual([]);
  });
}

/** Adds a job of that kind, and returns its run. */
async function pushed({ runs }: ServerStore, kind: 'run' | 'callback', owner: string): Promise<string> {
  const { run } = await runs.create(newRun({ owner, callbackUrl: 'https://example.test/' }));
  if (kind === 'callback') await runs.requestCancel(run.runId, { owner });
  return run.runId;
}

export function testsOfRestarts(openRig: OpenRig): void {
  test('stored jobs survive a restart', async () => {
    await using rig = await openRig();
    const { run } = await rig.store.runs.create(newRun({ key: 'k' }));
    const claim = await claimOf(rig.store, run.runId);
    await rig.store.runs.finish(claim, completed());

    const restarted = await rig.reopen!();

    expect(await restarted.runs.get(run.runId, ada)).toEqual(await rig.store.runs.get(run.runId, ada));
    expect(await restarted.runs.create(newRun({ key: 'k' }))).toMatchObject({ isNew: false });
    expect(await restarted.history.load(run)).toMatchObject({ version: 1 });
    expect(await restarted.sessions.open(run.sessionId, ada)).toMatchObject({ sessionId: run.sessionId });
  });
}

export function testsOfSharedJobs(openRig: OpenRig): void {
  test('two processes share the jobs, and each job is delivered once', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const elsewhere = (await rig.reopen!()).runs;
    const notes = new Notes();
    const both = Promise.withResolvers<void>();
    // Nobody ends before both have begun, so that one cannot be through before the other has a look.
    const started = new Set<string>();
    const work = (process: string) =>
      notes.work('run', async () => {
        if (started.add(process).size === 2) both.resolve();
        await both.promise;
        return null;
      });
    await using _here = await runs.work({ run: work('here'), callback: work('here'), concurrency: 2 });
    await using _there = await elsewhere.work({ run: work('there'), callback: work('there'), concurrency: 2 });

    const made = await Promise.all(Array.from({ length: 20 }, () => runs.create(newRun())));
    await both.promise;

    expect(await notes.first(20)).toEqual(made.map(({ run }) => `run ${run.runId} 1`).toSorted());
  });
}
