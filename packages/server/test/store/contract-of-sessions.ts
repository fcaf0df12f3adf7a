// How many sessions an owner has, and for how long they are kept.
import { afterEach, expect, test, vi } from 'vitest';
import type { ServerStore } from '../../src/store/run-store.ts';
import {
  ada,
  claimOf,
  completed,
  eve,
  everything,
  newRun,
  type OpenRig,
  token,
  turn,
  turnsDuring,
} from './fixtures.ts';

const KEEP_MS = 60_000;
const full = { code: 'too_many_sessions', message: expect.stringContaining('DELETE /sessions/:id') };

export function testsOfSessions(openRig: OpenRig): void {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('the limit on sessions of an owner holds even when fifty chats and runs start at once', async () => {
    await using rig = await openRig();
    const { runs, sessions } = rig.store;

    const started = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        index % 2 === 0 ? runs.createSession({ ...ada, maxSessions: 10 }) : runs.create(newRun({ maxSessions: 10 })),
      ),
    );

    const refused = started.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    expect(refused).toEqual(Array.from({ length: 40 }, () => expect.objectContaining(full)));
    expect(await sessions.list('ada')).toHaveLength(10);
  });

  test('an owner with as many sessions as allowed may still continue one, and a deleted one makes room', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const one = { maxSessions: 1 };
    const { run } = await runs.create(newRun({ ...one, key: 'k' }));
    const { sessionId } = run;

    const continued = await runs.create(newRun({ ...one, sessionId }));
    const again = await runs.create(newRun({ ...one, key: 'k' }));
    const hers = await runs.createSession({ ...eve, ...one });

    expect([continued.run.sessionId, again.run.runId]).toEqual([sessionId, run.runId]);
    expect(hers.sessionId).not.toBe(sessionId);
    await expect(runs.createSession({ ...ada, ...one })).rejects.toMatchObject(full);
    await runs.forgetSession(sessionId, ada);
    await expect(runs.createSession({ ...ada, ...one })).resolves.toMatchObject({ serviceSessionId: null });
  });

  test('the session with the latest turn is listed first', async () => {
    await using rig = await openRig();
    const { runs, sessions } = rig.store;
    vi.useFakeTimers({ toFake: ['Date'] });
    const first = await runs.createSession({ ...ada, maxSessions: 2 });
    pass(1);
    const second = await runs.createSession({ ...ada, maxSessions: 2 });
    pass(1);
    await runs.appendTurn(first, ada, turn, 0);

    const listed = await sessions.latest('ada', { limit: 1 });
    const rest = await sessions.latest('ada', { limit: 1, after: listed[0]! });

    expect([...listed, ...rest].map(({ sessionId }) => sessionId)).toEqual([first.sessionId, second.sessionId]);
  });

  test('a session of a given id begins once, even when fifty ask for it, and is its owner’s alone', async () => {
    await using rig = await openRig();
    const { runs, sessions } = rig.store;
    const named = { maxSessions: 1, sessionId: 'named' };

    const found = await Promise.all(Array.from({ length: 50 }, () => runs.createSession({ ...ada, ...named })));

    expect(new Set(found.map(({ sessionId }) => sessionId))).toEqual(new Set(['named']));
    expect(await sessions.list('ada')).toHaveLength(1);
    await expect(runs.createSession({ ...eve, ...named })).rejects.toMatchObject({ code: 'session_conflict' });
  });

  test('a session that takes the id of an expired one has nothing of it', async () => {
    await using rig = await openRig({ keepSessionsMs: KEEP_MS });
    const { runs, history } = rig.store;
    vi.useFakeTimers({ toFake: ['Date'] });
    const { runId, sessionId } = await endedRun(rig.store);

    pass(KEEP_MS);
    await runs.createSession({ ...ada, maxSessions: 1, sessionId });

    expect(await history.load({ sessionId })).toMatchObject({ messages: [], version: 0 });
    expect(await runs.get(runId, ada)).toBeNull();
  });

  test('an idle session expires with its turns and its runs', async () => {
    await using rig = await openRig({ keepSessionsMs: KEEP_MS });
    const { runs, history, sessions } = rig.store;
    vi.useFakeTimers({ toFake: ['Date'] });
    const { runId, sessionId } = await endedRun(rig.store);
    pass(KEEP_MS / 2);
    const other = await endedRun(rig.store);

    pass(KEEP_MS / 2);
    const opened = await sessions.open(sessionId, ada);
    await runs.forgetExpired();

    expect(opened).toBeNull();
    expect(await history.load({ sessionId })).toMatchObject({ messages: [], version: 0 });
    expect([await runs.get(runId, ada), await runs.events(runId, everything)]).toEqual([null, []]);
    expect(await runs.list('ada', { limit: 9 })).toMatchObject([{ runId: other.runId, state: 'completed' }]);
    expect((await history.load(other)).messages).toEqual(turn);
  });

  test('every turn of a chat or a run lets a session stay for the whole time again', async () => {
    await using rig = await openRig({ keepSessionsMs: KEEP_MS });
    const { runs, sessions } = rig.store;
    vi.useFakeTimers({ toFake: ['Date'] });
    const session = await runs.createSession({ ...ada, maxSessions: 9 });
    const { sessionId } = session;

    pass(KEEP_MS - 1);
    await runs.appendTurn(session, ada, turn, 0);
    pass(KEEP_MS - 1);
    await endedRun(rig.store, sessionId);
    pass(KEEP_MS - 1);
    await runs.forgetExpired();

    expect(await sessions.open(sessionId, ada)).not.toBeNull();
    const [saved] = await sessions.list('ada');
    expect(saved).toMatchObject({ sessionId, expiresAtMs: Date.now() + 1 });
  });

  test('a session with an open run does not expire, however many of its runs and chats have ended', async () => {
    await using rig = await openRig({ keepSessionsMs: KEEP_MS });
    const { runs, sessions } = rig.store;
    vi.useFakeTimers({ toFake: ['Date'] });
    const { run: open } = await runs.create(newRun());
    const { runId, sessionId } = open;
    await endedRun(rig.store, sessionId);
    await runs.appendTurn((await sessions.open(sessionId, ada))!, ada, turn, 1);

    pass(100 * KEEP_MS);
    await runs.forgetExpired();
    const kept = await runs.get(runId, ada);
    await runs.requestCancel(runId, ada);
    pass(KEEP_MS);
    await runs.forgetExpired();

    expect(kept).toMatchObject({ state: 'queued' });
    expect(await runs.get(runId, ada)).toBeNull();
  });

  test('when two runs of a session end at once, it begins to expire', async () => {
    await using rig = await openRig({ keepSessionsMs: KEEP_MS });
    const { runs, sessions } = rig.store;
    const { run: first } = await runs.create(newRun());
    const { run: second } = await runs.create(newRun({ sessionId: first.sessionId }));

    await Promise.all([first, second].map(({ runId }) => runs.requestCancel(runId, ada)));

    expect(await sessions.list('ada')).toMatchObject([{ expiresAtMs: expect.any(Number) }]);
  });

  test('when many sessions expire, others get their turn while they are deleted', async () => {
    await using rig = await openRig({ keepSessionsMs: KEEP_MS });
    const { runs, history, sessions } = rig.store;
    vi.useFakeTimers({ toFake: ['Date'] });
    const all = await Promise.all(Array.from({ length: 25 }, () => runs.createSession({ ...ada, maxSessions: 200 })));
    await Promise.all(all.map((session) => runs.appendTurn(session, ada, turn, 0)));

    pass(KEEP_MS);
    const turns = await turnsDuring(() => runs.forgetExpired());

    expect(turns).toBeGreaterThanOrEqual(2);
    const versions = await Promise.all(all.map(async (session) => (await history.load(session)).version));
    expect(Math.max(...versions)).toBe(0);
    expect(await sessions.list('ada')).toEqual([]);
  });

  test.for([
    ['left out', undefined, 365 * 86_400_000],
    ['null', null, null],
  ] as const)('keepSessionsMs %s', async ([, keepSessionsMs, keptMs]) => {
    await using rig = await openRig(keepSessionsMs === undefined ? {} : { keepSessionsMs });
    vi.useFakeTimers({ toFake: ['Date'] });
    await rig.store.runs.createSession({ ...ada, maxSessions: 1 });

    const [saved] = await rig.store.sessions.list('ada');

    expect(saved!.expiresAtMs).toBe(keptMs === null ? null : saved!.savedAtMs + keptMs);
  });

  test.for([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'keepSessionsMs %d is refused',
    async (keepSessionsMs) => {
      const opening = openRig({ keepSessionsMs }).then((rig) => rig[Symbol.asyncDispose]());

      await expect(opening).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(`keepSessionsMs is ${keepSessionsMs};`),
      });
    },
  );
}

/** A run that has ended with a turn. */
async function endedRun(
  store: ServerStore,
  sessionId: string | null = null,
): Promise<{ readonly runId: string; readonly sessionId: string }> {
  const { runs } = store;
  const { run } = await runs.create(newRun({ sessionId }));
  const claim = await claimOf(store, run.runId);
  await runs.record(claim, [], token('r1'));
  await runs.finish(claim, completed());
  return run;
}

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}
