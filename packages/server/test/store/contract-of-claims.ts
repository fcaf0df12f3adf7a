// Who may write to a run, and what is written.
import { expect, test } from 'vitest';
import type { ServerEvent } from '../../src/events/wire.ts';
import { ClaimLost } from '../../src/store/run-store.ts';
import {
  ada,
  claimed,
  claimOf,
  completed,
  everything,
  newRun,
  type OpenRig,
  replace,
  token,
  update,
} from './fixtures.ts';

const tool: ServerEvent = { type: 'tool', callId: 'c1', name: 'light', status: 'called' };

export function testsOfClaims(openRig: OpenRig): void {
  test('event numbers start at 1 without gaps, and reading can start at any of them', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);

    await runs.record(claim, [update('a'), tool], token('r1'));
    await runs.record(claim, [], token('r1'));
    await runs.record(claim, [update('b')], token('r1'));

    const all = await runs.events(claim.runId, everything);
    expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(all.slice(1).map(({ event }) => event)).toEqual([update('a'), tool, update('b')]);
    expect(await runs.events(claim.runId, { after: 1, limit: 2 })).toEqual(all.slice(1, 3));
    expect(await runs.events(claim.runId, { after: 4, limit: 2 })).toEqual([]);
  });

  test('the text grows with the updates, and starts over at a session event that replaces', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);

    await runs.record(claim, [update('Light '), tool, update('scat')], token('r1'));
    await runs.record(claim, [{ ...replace(claim), mode: 'append' }, update('ters')], token('r1'));
    const before = await runs.get(claim.runId, ada);
    await runs.record(claim, [update('.'), replace(claim), update('No'), replace(claim), update('Yes')], token('r1'));

    expect(before!.text).toBe('Light scatters');
    expect((await runs.get(claim.runId, ada))!.text).toBe('Yes');
  });

  test('the token moves with the events', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);

    await runs.record(claim, [], token('r1'));
    const first = await runs.get(claim.runId, ada);
    await runs.record(claim, [update('a')], { ...token('r2'), question: [{ role: 'user', contents: '\u0000' }] });

    expect(first).toMatchObject({ state: 'in_progress', token: token('r1') });
    const { run } = (await runs.claim(claim.runId))!;
    expect(run.token).toEqual({ ...token('r2'), question: [{ role: 'user', contents: '\u0000' }] });
  });

  test('a new claim takes the run from its previous worker, whose late writes are refused', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const frozen = await claimed(store);
    const { sessionId } = (await store.runs.get(frozen.runId, ada))!;

    const next = await claimOf(store, frozen.runId);
    await store.runs.record(next, [update('mine')], token('r2'));
    const before = await store.runs.get(frozen.runId, ada);

    await expect(store.runs.record(frozen, [update('late')], token('r1'))).rejects.toThrow(ClaimLost);
    await expect(store.runs.finish(frozen, completed())).rejects.toThrow(ClaimLost);
    await expect(store.runs.release(frozen)).rejects.toThrow(ClaimLost);
    expect(await store.runs.get(frozen.runId, ada)).toEqual(before);
    expect(await store.runs.events(frozen.runId, { after: 1, limit: 9 })).toEqual([{ seq: 2, event: update('mine') }]);
    expect(await store.history.load({ sessionId })).toMatchObject({ turns: [], version: 0 });
    await expect(store.runs.finish(next, completed())).resolves.toBeUndefined();
  });

  test('of ten claims at once only one is valid afterwards', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { run } = await runs.create(newRun());

    const taken = await Promise.all(Array.from({ length: 10 }, () => claimOf(rig.store, run.runId)));
    const written = await Promise.allSettled(taken.map((claim) => runs.record(claim, [], token('r1'))));

    expect(new Set(taken.map(({ claimNo }) => claimNo)).size).toBe(10);
    expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('claims are counted, except released ones', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const first = await claimed(rig.store);

    await runs.release(first);
    const second = await claimOf(rig.store, first.runId);
    const third = await claimOf(rig.store, first.runId);

    expect([first, second, third].map(({ attempts }) => attempts)).toEqual([1, 1, 2]);
  });

  test('progress under a claim resets the count', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const first = await claimed(rig.store);
    await runs.record(first, [], token('r1'));
    const again = [await claimOf(rig.store, first.runId), await claimOf(rig.store, first.runId)];
    await runs.record(again[1]!, [update('a')], token('r1'));

    const afterEvent = await claimOf(rig.store, first.runId);
    await runs.record(afterEvent, [], token('r1'));
    const afterNothing = await claimOf(rig.store, first.runId);
    await runs.record(afterNothing, [], { ...token('r1'), sequenceNumber: 4 });
    const afterToken = await claimOf(rig.store, first.runId);
    await runs.release(afterToken);
    await runs.record(await claimOf(rig.store, first.runId), [update('b')], token('r1'));

    expect([...again, afterEvent, afterNothing, afterToken].map(({ attempts }) => attempts)).toEqual([1, 2, 1, 2, 1]);
    expect(await claimOf(rig.store, first.runId)).toMatchObject({ attempts: 1 });
  });

  test('the count of a run that made progress and was released starts at zero', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);

    await runs.record(claim, [update('a')], token('r1'));
    await runs.release(claim);

    expect(await claimOf(rig.store, claim.runId)).toMatchObject({ attempts: 1 });
  });

  test('a released claim is no longer valid', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);

    await runs.release(claim);

    await expect(runs.record(claim, [update('late')], token('r1'))).rejects.toThrow(ClaimLost);
    await expect(runs.release(claim)).rejects.toThrow(ClaimLost);
  });

  test('a run that has ended or does not exist cannot be claimed', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);
    await runs.finish(claim, completed());

    const claims = await Promise.all([runs.claim(claim.runId), runs.claim(crypto.randomUUID())]);

    expect(claims).toEqual([null, null]);
    await expect(runs.release(claim)).rejects.toThrow(ClaimLost);
    await expect(runs.record(claim, [], token('r1'))).rejects.toThrow(ClaimLost);
  });
}
