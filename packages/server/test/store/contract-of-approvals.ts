// Calls of a chat that wait for approval: stored with their turn, taken once, and given up by what comes after.
import type { AgentSession } from '@turnstream/core';
import { afterEach, expect, test, vi } from 'vitest';
import type { ServerStore } from '../../src/store/run-store.ts';
import {
  ada,
  appending,
  askingTurn,
  batch,
  claimed,
  completed,
  eve,
  newRun,
  type OpenRig,
  turn,
  yes,
} from './fixtures.ts';

async function openSession({ runs, sessions }: ServerStore): Promise<AgentSession> {
  const { run } = await runs.create(newRun());
  return (await sessions.open(run.sessionId, ada))!;
}

export function testsOfApprovals(openRig: OpenRig): void {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('calls that wait are stored with their turn, and taken once when twenty answer at the same time', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const session = await openSession(rig.store);
    const { sessionId } = session;
    const approvals = batch();
    await runs.appendTurn(session, { ...ada, approvals }, askingTurn, 0);
    const pending = await runs.approvals(sessionId, ada);

    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => runs.takeApprovals(sessionId, ada, yes)));

    expect(pending).toEqual(approvals);
    const values = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const codes = taken.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect(values).toEqual([[{ ...approvals.calls[0], approved: true }]]);
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'approval_expired'));
    expect(await runs.approvals(sessionId, ada)).toBeNull();
  });

  test('when the history refuses the turn, its calls do not wait, and those before it still do', async () => {
    let isFull = false;
    const around = appending((history, ...args) => {
      if (isFull) throw new Error('full');
      return history.append(...args);
    });
    await using rig = await openRig({ around });
    const { runs } = rig.store;
    const session = await openSession(rig.store);
    const [first, second] = [batch(), batch(7_200_000)];
    await runs.appendTurn(session, { ...ada, approvals: first }, askingTurn, 0);
    isFull = true;

    const appended = runs.appendTurn(session, { ...ada, approvals: second }, askingTurn, 1);

    await expect(appended).rejects.toThrow('full');
    expect(await runs.approvals(session.sessionId, ada)).toEqual(first);
  });

  test('turns that are taken back take with them the calls that wait, and only the owner takes them', async () => {
    await using rig = await openRig();
    const { runs, history } = rig.store;
    const session = await openSession(rig.store);
    await runs.appendTurn(session, ada, turn, 0);
    await runs.appendTurn(session, { ...ada, approvals: batch() }, askingTurn, 1);

    const foreign = await Promise.allSettled([runs.truncateTurns(session, eve, 1, 2)]);
    const late = await Promise.allSettled([runs.truncateTurns(session, ada, 1, 1)]);
    const pending = await runs.approvals(session.sessionId, ada);
    await runs.truncateTurns(session, ada, 1, 2);

    expect([...foreign, ...late]).toMatchObject([
      { reason: { code: 'not_found' } },
      { reason: { code: 'history_conflict' } },
    ]);
    expect(pending).not.toBeNull();
    expect((await history.load(session)).messages).toEqual(turn);
    expect(await runs.approvals(session.sessionId, ada)).toBeNull();
  });

  test.each([
    ['other arguments', [{ ...yes[0]!, arguments: '{"euros":500}' }], 'The arguments of call "call_1"'],
    ['another call', [{ ...yes[0]!, callId: 'call_2' }], 'No call "call_2"'],
    ['one call twice', [yes[0]!, { ...yes[0]!, approved: false }], 'Call "call_1" has two answers'],
    ['one call of none', [], 'Call "call_1" of the same batch has no answer'],
  ] as const)('an answer with %s is refused, and the calls still wait', async (_, answers, message) => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const session = await openSession(rig.store);
    await runs.appendTurn(session, { ...ada, approvals: batch() }, askingTurn, 0);

    const refused = runs.takeApprovals(session.sessionId, ada, answers);

    await expect(refused).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringContaining(message) });
    expect(await runs.takeApprovals(session.sessionId, ada, yes)).toHaveLength(1);
  });

  test('only the owner sees the calls and can answer them', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const session = await openSession(rig.store);
    await runs.appendTurn(session, { ...ada, approvals: batch() }, askingTurn, 0);

    const seen = await runs.approvals(session.sessionId, eve);
    const taken = runs.takeApprovals(session.sessionId, eve, yes);

    expect(seen).toBeNull();
    await expect(taken).rejects.toMatchObject({ code: 'approval_expired' });
    expect(await runs.approvals(session.sessionId, ada)).not.toBeNull();
  });

  test('a later turn takes the place of the calls: a chat, a chat that asks itself, and the end of a run', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const session = await openSession(rig.store);
    const { sessionId } = session;
    const claim = await claimed(rig.store, { sessionId });
    const second = batch(7_200_000);
    await runs.appendTurn(session, { ...ada, approvals: batch() }, askingTurn, 0);

    await runs.appendTurn(session, ada, turn, 1);
    const afterChat = await runs.approvals(sessionId, ada);
    await runs.appendTurn(session, { ...ada, approvals: batch() }, askingTurn, 2);
    await runs.appendTurn(session, { ...ada, approvals: second }, askingTurn, 3);
    const afterAsking = await runs.approvals(sessionId, ada);
    await runs.finish(claim, completed());

    expect([afterChat, afterAsking, await runs.approvals(sessionId, ada)]).toEqual([null, second, null]);
  });

  test('calls whose time is over cannot be answered, before and after the cleanup', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const session = await openSession(rig.store);
    const { sessionId } = session;
    vi.useFakeTimers({ toFake: ['Date'] });
    await runs.appendTurn(session, { ...ada, approvals: batch(1_000) }, askingTurn, 0);

    await runs.expireApprovals();
    vi.setSystemTime(Date.now() + 999);
    const justInTime = await runs.approvals(sessionId, ada);
    vi.setSystemTime(Date.now() + 1);
    const late = await runs.takeApprovals(sessionId, ada, yes).catch((error: unknown) => error);
    await runs.expireApprovals();

    expect(justInTime).not.toBeNull();
    expect(late).toMatchObject({ code: 'approval_expired' });
    expect(await runs.approvals(sessionId, ada)).toBeNull();
    await expect(runs.takeApprovals(sessionId, ada, yes)).rejects.toMatchObject({ code: 'approval_expired' });
  });

  test('a deleted session leaves no calls that wait', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const session = await openSession(rig.store);
    await runs.appendTurn(session, { ...ada, approvals: batch() }, askingTurn, 0);

    await runs.forgetSession(session.sessionId, ada);

    expect(await runs.approvals(session.sessionId, ada)).toBeNull();
    await expect(runs.takeApprovals(session.sessionId, ada, yes)).rejects.toMatchObject({ code: 'approval_expired' });
  });
}
