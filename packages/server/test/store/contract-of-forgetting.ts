// What is forgotten, and when.
import { afterEach, expect, test, vi } from 'vitest';
import { ClaimLost } from '../../src/store/run-store.ts';
import {
  ada,
  appending,
  claimed,
  completed,
  eve,
  everything,
  newRun,
  type OpenRig,
  token,
  turn,
  turnsDuring,
  update,
} from './fixtures.ts';

const HOUR_MS = 3_600_000;

async function refuse(): Promise<void> {
  throw new Error('The disk is full.');
}

export function testsOfForgetting(openRig: OpenRig): void {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('deleting a session deletes its runs, even open ones, and their keys', async () => {
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

  test('a run that has ended is deleted by its owner, and an open one is not', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store, {
      ask: { input: turn, instructions: 'Obey.', tools: [], toolChoice: 'auto' },
    });
    const open = [await runs.forgetRun(claim.runId, ada), (await runs.get(claim.runId, ada))?.ask];
    await runs.finish(claim, completed());

    const forgotten = [await runs.forgetRun(claim.runId, eve), await runs.forgetRun(claim.runId, ada)];

    expect(open).toEqual([false, { input: turn, instructions: 'Obey.', tools: [], toolChoice: 'auto' }]);
    expect([...forgotten, await runs.get(claim.runId, ada)]).toEqual([false, true, null]);
  });

  test('deleting a session deletes its turns, and only its owner can', async () => {
    await using rig = await openRig();
    const { runs, history, sessions } = rig.store;
    const { run } = await runs.create(newRun());
    const session = (await sessions.open(run.sessionId, ada))!;
    await runs.appendTurn(session, ada, turn, 0);

    await runs.forgetSession(run.sessionId, eve);
    const kept = await history.load(session);
    await runs.forgetSession(run.sessionId, ada);

    expect(kept.messages).toEqual(turn);
    expect(await sessions.open(run.sessionId, ada)).toBeNull();
    expect((await history.load(session)).messages).toEqual([]);
  });

  test('a session whose turns cannot be deleted stays complete', async () => {
    await using rig = await openRig({
      around: (history) => ({ ...appending((inner, ...args) => inner.append(...args))(history), clear: refuse }),
    });
    const { runs, sessions } = rig.store;
    const { run } = await runs.create(newRun());

    const forgetting = runs.forgetSession(run.sessionId, ada);

    await expect(forgetting).rejects.toThrow('The disk is full.');
    expect(await runs.get(run.runId, ada)).toMatchObject({ state: 'queued' });
    expect(await sessions.open(run.sessionId, ada)).not.toBeNull();
  });

  test.each([0, 1])('a chat does not bring back a session that was deleted after %i turns', async (turns) => {
    await using rig = await openRig();
    const { runs, history, sessions } = rig.store;
    const { run } = await runs.create(newRun());
    const session = (await sessions.open(run.sessionId, ada))!;
    for (let version = 0; version < turns; version += 1) await runs.appendTurn(session, ada, turn, version);
    await runs.forgetSession(run.sessionId, ada);

    const late = runs.appendTurn(session, ada, turn, turns);

    await expect(late).rejects.toMatchObject({ name: 'AgentError', code: 'not_found' });
    expect(await history.load(session)).toMatchObject({ messages: [], version: 0 });
  });

  test('when a turn and a deletion race, the deletion wins', async () => {
    await using rig = await openRig();
    const { runs, history, sessions } = rig.store;

    for (let tries = 0; tries < 10; tries += 1) {
      const { run } = await runs.create(newRun());
      const session = (await sessions.open(run.sessionId, ada))!;
      const added = runs.appendTurn(session, ada, turn, 0).catch(() => {});
      await Promise.all([added, runs.forgetSession(run.sessionId, ada)]);

      expect(await history.load(session)).toMatchObject({ messages: [], version: 0 });
    }
  });

  test('runs that ended before a given time are deleted with their events', async () => {
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

  test('when many runs are deleted, others get their turn meanwhile', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const ended = await Promise.all(Array.from({ length: 25 }, () => runs.create(newRun())));
    await Promise.all(ended.map(({ run }) => runs.requestCancel(run.runId, ada)));

    const turns = await turnsDuring(() => runs.forgetEnded(Date.now() + HOUR_MS));

    expect(turns).toBeGreaterThanOrEqual(2);
    expect(await runs.list('ada', { limit: 100 })).toEqual([]);
  });

  test('a webhook is new once, even when it arrives twenty times at once', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;

    const seen = await Promise.all(Array.from({ length: 20 }, () => runs.seenWebhook('wh_1')));

    expect(seen.filter((was) => !was)).toHaveLength(1);
    expect(await runs.seenWebhook('wh_2')).toBe(false);
  });

  test('a webhook id is remembered for more than three days, and forgotten after four', async () => {
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
