// Who hears of what, and how long one waits.
import { expect, test } from 'vitest';
import type { RunStore } from '../../src/store/run-store.ts';
import { ada, claimed, completed, newRun, type OpenRig, token } from './fixtures.ts';

const LONG_MS = 600_000;
const never = new AbortController().signal;

export function testsOfChanges(openRig: OpenRig): void {
  test('waiting for a run resolves on each of its changes, and on no other run’s', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const [claim, other] = [await claimed(rig.store), await claimed(rig.store)];
    const { sessionId } = (await runs.get(claim.runId, ada))!;
    const changes = [
      () => runs.record(claim, [], token('r1')),
      () => runs.wake('r1'),
      () => runs.requestCancel(claim.runId, ada),
      () => runs.finish(claim, completed()),
      () => runs.forgetSession(sessionId, ada),
    ];
    const elsewhere = heard(runs, other.runId);

    for (const change of changes) {
      const here = Promise.all([heard(runs, claim.runId).promise, heard(runs, claim.runId).promise]);
      await change();
      await here;
    }

    expect(elsewhere.isHeard()).toBe(false);
    await runs.wake('unknown');
    await runs.wake('r1');
    expect(elsewhere.isHeard()).toBe(false);
    await runs.record(other, [], token('r2'));
    await elsewhere.promise;
  });

  test('waiting resolves for a run that is cancelled before it is claimed, too', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { run } = await runs.create(newRun());

    const { promise } = heard(runs, run.runId);
    await runs.requestCancel(run.runId, ada);

    await expect(promise).resolves.toBeUndefined();
  });

  test('waiting ends when the time is up', async () => {
    await using rig = await openRig();
    const startedAtMs = performance.now();

    await rig.store.runs.changed('a', { timeoutMs: 50, signal: never });

    // A timer counts whole milliseconds.
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(49);
  });

  test('waiting ends with the signal, and its reason', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const stop = new AbortController();

    const waiting = runs.changed('a', { timeoutMs: LONG_MS, signal: stop.signal });
    stop.abort('enough');

    await expect(waiting).rejects.toBe('enough');
    await expect(runs.changed('a', { timeoutMs: 0, signal: stop.signal })).rejects.toBe('enough');
  });

  test('a timeout beyond the range of a timer is a long one', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const stop = new AbortController();

    const early = runs.changed('a', { timeoutMs: Number.MAX_SAFE_INTEGER, signal: stop.signal }).then(() => 'early');
    const outcome = await Promise.race([
      early,
      runs.changed('b', { timeoutMs: 20, signal: never }).then(() => 'still'),
    ]);

    expect(outcome).toBe('still');
    stop.abort('enough');
    await expect(early).rejects.toBe('enough');
  });
}

export function testsOfChangesElsewhere(openRig: OpenRig): void {
  test('a change in one process wakes another', async () => {
    await using rig = await openRig();
    const elsewhere = await rig.reopen!();
    const claim = await claimed(rig.store);

    for (const change of [
      () => rig.store.runs.record(claim, [], token('r1')),
      () => rig.store.runs.wake('r1'),
      () => rig.store.runs.requestCancel(claim.runId, ada),
      () => rig.store.runs.finish(claim, completed()),
    ]) {
      const { promise } = heard(elsewhere.runs, claim.runId);
      await change();
      await promise;
    }

    expect(await elsewhere.runs.get(claim.runId, ada)).toEqual(await rig.store.runs.get(claim.runId, ada));
  });
}

function heard(runs: RunStore, runId: string): { readonly promise: Promise<void>; readonly isHeard: () => boolean } {
  let isHeard = false;
  const promise = runs.changed(runId, { timeoutMs: LONG_MS, signal: never }).then(() => {
    isHeard = true;
  });
  return { promise, isHeard: () => isHeard };
}
