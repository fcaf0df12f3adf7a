// How runs begin, and who sees them.
import { AgentSession } from '@turnstream/core';
import { expect, test } from 'vitest';
import { ada, claimed, completed, eve, everything, jobsLeft, newRun, type OpenRig, update } from './fixtures.ts';

export function testsOfCreation(openRig: OpenRig): void {
  test('a new run is queued, with a session of its owner, a first event and a job', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const startedAtMs = Date.now();

    const { run, isNew } = await store.runs.create(newRun({ callbackUrl: 'https://example.test/' }));

    expect(isNew).toBe(true);
    expect(run).toEqual({
      runId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      owner: 'ada',
      sessionId: expect.stringMatching(/./),
      state: 'queued',
      message: 'Why?',
      ask: null,
      token: null,
      isCancelRequested: false,
      approvals: null,
      answers: null,
      askedAtMs: null,
      answeredAtMs: null,
      callbackUrl: 'https://example.test/',
      text: '',
      end: null,
      createdAtMs: expect.any(Number),
      endedAtMs: null,
    });
    expect(run.createdAtMs).toBeGreaterThanOrEqual(startedAtMs);
    expect(await store.runs.get(run.runId, ada)).toEqual(run);
    expect(await store.runs.events(run.runId, everything)).toEqual([
      { seq: 1, event: { type: 'session', sessionId: run.sessionId, runId: run.runId, mode: 'replace' } },
    ]);
    expect(await store.sessions.open(run.sessionId, ada)).toMatchObject({ sessionId: run.sessionId });
    expect(await store.sessions.open(run.sessionId, eve)).toBeNull();
    expect(await jobsLeft(store)).toEqual([`run ${run.runId} 1`]);
  });

  test('a worker can load a run without knowing its owner, and gets null if there is none', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { run } = await store.runs.create(newRun());

    const found = [await store.runs.load(run.runId), await store.runs.load(crypto.randomUUID())];

    expect(found).toEqual([run, null]);
  });

  test('fifty requests at once with one key make one run, one session and one job', async () => {
    await using rig = await openRig();
    const { store } = rig;

    const request = newRun({ key: 'k', maxOpen: 1 });
    const made = await Promise.all(Array.from({ length: 50 }, () => store.runs.create(request)));

    const ids = new Set(made.map(({ run }) => run.runId));
    expect([...ids]).toHaveLength(1);
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await store.runs.list('ada', { limit: 100 })).toHaveLength(1);
    expect(await store.sessions.list('ada')).toHaveLength(1);
    expect(await jobsLeft(store)).toEqual([`run ${made[0]!.run.runId} 1`]);
  });

  test('a key returns its run in its current state, and belongs to one owner', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { run } = await runs.create(newRun({ key: 'k' }));
    await runs.requestCancel(run.runId, ada);

    const again = await runs.create(newRun({ key: 'k' }));
    const hers = await runs.create(newRun({ key: 'k', ...eve }));
    const keyless = await Promise.all([runs.create(newRun()), runs.create(newRun())]);

    expect(again).toMatchObject({ isNew: false, run: { runId: run.runId, state: 'cancelled' } });
    expect(hers.isNew).toBe(true);
    expect(keyless.map(({ isNew }) => isNew)).toEqual([true, true]);
  });

  test.for([
    ['message', { message: 'Why not?' }],
    ['callback', { callbackUrl: 'https://example.test/' }],
    ['session', {}],
  ] as const)('A key that came with another %s before is a conflict', async ([what, change]) => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { run } = await runs.create(newRun({ key: 'k' }));

    const changed = what === 'session' ? { sessionId: run.sessionId } : change;
    const again = runs.create(newRun({ key: 'k', ...changed }));

    await expect(again).rejects.toMatchObject({ name: 'AgentError', code: 'idempotency_conflict' });
    expect(await runs.list('ada', { limit: 100 })).toHaveLength(1);
  });

  test('the limit on open runs of an owner holds even when ten start at once', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;

    const made = await Promise.allSettled(Array.from({ length: 10 }, () => runs.create(newRun({ maxOpen: 3 }))));
    const others = await runs.create(newRun({ ...eve, maxOpen: 1 }));
    const [open] = await runs.list('ada', { limit: 1 });
    await runs.requestCancel(open!.runId, ada);
    const another = await runs.create(newRun({ maxOpen: 3 }));

    const refused = made.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array.from({ length: 7 }, () => 'overloaded'));
    expect([others.isNew, another.isNew]).toEqual([true, true]);
  });

  test('a run on an existing session is added to it, for its owner only', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const session = new AgentSession();
    await store.sessions.save(session, ada);
    const { sessionId } = session;

    const { run } = await store.runs.create(newRun({ sessionId }));

    expect(run.sessionId).toBe(sessionId);
    await expect(store.runs.create(newRun({ sessionId, ...eve }))).rejects.toMatchObject({ code: 'not_found' });
    expect(await store.runs.list('eve', { limit: 10 })).toEqual([]);
    expect(await store.sessions.list('ada')).toHaveLength(1);
  });

  test('a deleted session is not created again for a run', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { run } = await store.runs.create(newRun());
    await store.sessions.delete(run.sessionId, ada);

    const next = store.runs.create(newRun({ sessionId: run.sessionId, key: 'k' }));

    await expect(next).rejects.toMatchObject({ code: 'not_found' });
    expect(await store.sessions.open(run.sessionId, ada)).toBeNull();
    expect(await jobsLeft(store)).toEqual([`run ${run.runId} 1`]);
  });

  test('a run of another owner looks like one that does not exist', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { run } = await runs.create(newRun());

    await runs.forgetSession(run.sessionId, eve);

    expect(await runs.get(run.runId, eve)).toBeNull();
    expect(await runs.get(crypto.randomUUID(), ada)).toBeNull();
    expect(await runs.requestCancel(run.runId, eve)).toBeNull();
    expect(await runs.requestCancel('no id', ada)).toBeNull();
    expect(await runs.list('eve', { limit: 10 })).toEqual([]);
    expect(await runs.list('eve', { limit: 10, sessionId: run.sessionId })).toEqual([]);
    expect(await runs.get(run.runId, ada)).toEqual(run);
  });

  test('runs are listed newest first, up to a limit, and of one session if given', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const { run: first } = await runs.create(newRun());
    const { run: second } = await runs.create(newRun({ sessionId: first.sessionId }));
    const { run: third } = await runs.create(newRun());
    const { sessionId } = first;

    const listed = await Promise.all([
      runs.list('ada', { limit: 10 }),
      runs.list('ada', { limit: 2 }),
      runs.list('ada', { limit: 10, sessionId }),
      runs.list('ada', { limit: 1, sessionId }),
    ]);

    expect(listed).toEqual([[third, second, first], [third, second], [second, first], [second]]);
  });

  test('Owners, keys and texts may be anything', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const odd = { owner: `\u0000\ud800 $1 ${'long '.repeat(1_000)}`, message: '\u0000 "\ud83d \\ \n $2' };

    const { run } = await store.runs.create(newRun({ ...odd, key: odd.owner, callbackUrl: 'https://example.test/$3' }));
    const taken = await store.runs.claim(run.runId);
    const texts = ['\u0000"', '\ud83d', '\ude42\\', '\ude42'];
    await store.runs.finish(taken!.claim, { ...completed(), events: [...texts.map(update), completed().events[1]!] });

    expect(run).toMatchObject(odd);
    expect(await store.runs.get(run.runId, odd)).toMatchObject({ ...odd, text: '\u0000"🙂\\\ude42' });
    expect(await store.runs.get(run.runId, { owner: `${odd.owner} ` })).toBeNull();
    const again = await store.runs.create(newRun({ ...odd, key: odd.owner, callbackUrl: 'https://example.test/$3' }));
    expect(again.isNew).toBe(false);
    const events = await store.runs.events(run.runId, { after: 1, limit: 4 });
    expect(events.map(({ event }) => event)).toEqual(texts.map(update));
  });

  test('the store can check its tables', async () => {
    await using rig = await openRig();
    await claimed(rig.store);

    await expect(rig.store.ready()).resolves.toBeUndefined();
  });
}
