// What is forgotten, and when.
import { afterEach, expect, test, vi } from 'vitest';
import { ClaimLost } from '../../src/store/run-store.ts';
import { ada, claimed, completed, everything, newRun, type OpenRig, token, update } from './fixtures.ts';

const HOUR_MS = 3_600_000;

export function testsOfForgetting(openRig: OpenRig): void {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('with a session go its runs, open ones too, and their keys', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store, { key: 'k' });
    const { sessionId } = (await runs.get(claim.runId, ada))!;
    const { run: second } = await runs.create(newRun({ sessionId }));
    const { run: other } = await runs.create(newRun());

    await runs.forgetSession(sessionId, ada);

    expect(await runs.list('ada', { limit: 10 })).toEqual([other]);
    expect(await runs.get(second.runId, ada)).toBeNull();
    expect(await runs.events(claim.runId, everything)).toEqual([]);
    await expect(runs.record(claim, [update('late')], token('r1'))).rejects.toThrow(ClaimLost);
    await expect(runs.finish(claim, completed())).rejects.toThrow(ClaimLost);
    expect(await runs.events(claim.runId, everything)).toEqual([]);
    expect(await runs.create(newRun({ key: 'k' }))).toMatchObject({ isNew: true });
  });

  test('runs that ended before a time are forgotten, and their events with them', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const old = await claimed(rig.store);
    await runs.finish(old, completed());
    const { endedAtMs } = (await runs.get(old.runId, ada))!;
    const open = await claimed(rig.store);

    await runs.forgetEnded(endedAtMs!);
    const kept = await runs.get(old.runId, ada);
    await runs.forgetEnded(endedAtMs! + HOUR_MS);

    expect(kept).toMatchObject({ state: 'completed' });
    expect(await runs.get(old.runId, ada)).toBeNull();
    expect(await runs.events(old.runId, everything)).toEqual([]);
    expect(await runs.get(open.runId, ada)).toMatchObject({ state: 'queued' });
  });

  test('a webhook is new once, also when it comes twenty times at once', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;

    const seen = await Promise.all(Array.from({ length: 20 }, () => runs.seenWebhook('wh_1')));

    expect(seen.filter((was) => !was)).toHaveLength(1);
    expect(await runs.seenWebhook('wh_2')).toBe(false);
  });

  test('a webhook is known for more than three days, and forgotten after four', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    vi.useFakeTimers({ toFake: ['Date'] });
    await runs.seenWebhook('wh_1');

    vi.setSystemTime(Date.now() + 4 * 24 * HOUR_MS);
    const known = await runs.seenWebhook('wh_1');
    vi.setSystemTime(Date.now() + 1);
    const later = await runs.seenWebhook('wh_1');

    expect([known, later]).toEqual([true, false]);
  });
}
