// How a run ends: with everything that belongs to it, or not yet.
import { AgentError } from '@turnstream/core';
import { historyConflict } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ClaimLost, type RunEnd } from '../../src/store/run-store.ts';
import {
  ada,
  appending,
  claimed,
  completed,
  everything,
  jobsLeft,
  type OpenRig,
  token,
  turn,
  update,
} from './fixtures.ts';

export function testsOfEnds(openRig: OpenRig): void {
  test('State, last events, turn and callback are stored together', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store, { callbackUrl: 'https://example.test/' });
    await store.runs.record(claim, [update('It is ')], token('r1'));

    await store.runs.finish(claim, completed());

    const run = (await store.runs.get(claim.runId, ada))!;
    const [last, done] = completed().events;
    expect(run).toMatchObject({ state: 'completed', text: 'It is Rayleigh.', end: done });
    expect(run.endedAtMs).toBeGreaterThanOrEqual(run.createdAtMs);
    expect((await store.runs.events(claim.runId, { after: 2, limit: 9 })).map(({ event }) => event)).toEqual([
      last,
      done,
    ]);
    expect(await store.history.load(run)).toMatchObject({ turns: [turn], version: 1 });
    expect(await jobsLeft(store)).toEqual([`callback ${claim.runId} 1`, `run ${claim.runId} 1`]);
  });

  test('a run ends once', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store, { callbackUrl: 'https://example.test/' });

    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => store.runs.finish(claim, completed())));

    const refused = ends.filter((end) => end.status === 'rejected').map((end) => end.reason);
    expect(refused).toEqual(Array.from({ length: 4 }, () => expect.any(ClaimLost)));
    const run = (await store.runs.get(claim.runId, ada))!;
    expect((await store.history.load(run)).version).toBe(1);
    expect(await store.runs.events(claim.runId, everything)).toHaveLength(3);
    expect(await jobsLeft(store)).toEqual([`callback ${claim.runId} 1`, `run ${claim.runId} 1`]);
  });

  test('a run without a turn or a callback changes no history and adds no job', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store);
    const error = { type: 'error', code: 'server_error', message: 'No.', retryable: true, retryAfterMs: null } as const;

    await store.runs.finish(claim, { state: 'failed', events: [error], turn: null });

    const run = (await store.runs.get(claim.runId, ada))!;
    expect(run).toMatchObject({ state: 'failed', text: '', end: error });
    expect((await store.history.load(run)).version).toBe(0);
    expect(await jobsLeft(store)).toEqual([`run ${claim.runId} 1`]);
  });

  test('when the history refuses the turn, nothing of the end is stored', async () => {
    let isFull = true;
    const around = appending((history, ...args) => {
      if (isFull) throw new Error('full');
      return history.append(...args);
    });
    await using rig = await openRig({ around });
    const { store } = rig;
    const claim = await claimed(store, { callbackUrl: 'https://example.test/' });
    await store.runs.record(claim, [update('It is ')], token('r1'));
    const before = await store.runs.get(claim.runId, ada);

    await expect(store.runs.finish(claim, completed())).rejects.toThrow('full');

    expect(await store.runs.get(claim.runId, ada)).toEqual(before);
    expect(await store.runs.events(claim.runId, everything)).toHaveLength(2);
    expect(await jobsLeft(store)).toEqual([`run ${claim.runId} 1`]);
    isFull = false;
    await store.runs.finish(claim, completed());
    expect((await store.history.load(before!)).version).toBe(1);
  });

  test('the turn is added after those that were added in the meantime', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store);
    const run = (await store.runs.get(claim.runId, ada))!;
    const chat = [
      { role: 'user', contents: 'Hello.' },
      { role: 'assistant', contents: 'Hello.' },
    ] as const;
    await store.history.append(run, chat, 0);

    await store.runs.finish(claim, completed());

    expect(await store.history.load(run)).toMatchObject({ turns: [chat, turn], version: 2 });
  });

  test('the turn of a session that has been rewound is refused, and nothing of the end is stored', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store);
    const run = (await store.runs.get(claim.runId, ada))!;
    await store.history.append(run, turn, 0);
    await store.history.truncate(run, 0, 1);

    const late = store.runs.finish(claim, completed());

    await expect(late).rejects.toMatchObject({ code: 'history_conflict', message: expect.stringContaining('rewound') });
    expect(await store.runs.get(claim.runId, ada)).toEqual(run);
    expect(await store.history.load(run)).toMatchObject({ turns: [], version: 2 });
    await store.runs.finish(claim, { ...completed(), turn: { messages: turn, ahead: 2 } });
    expect(await store.history.load(run)).toMatchObject({ turns: [turn], version: 3 });
  });

  test('a turn overtaken by a chat is retried, and finally given up', async () => {
    let conflicts = 4;
    const around = appending((history, session, ...rest) => {
      conflicts -= 1;
      if (conflicts >= 0) throw historyConflict(session.sessionId, null, 0);
      return history.append(session, ...rest);
    });
    await using rig = await openRig({ around });
    const { store } = rig;
    const [lucky, hapless] = [await claimed(store), await claimed(store)];

    await store.runs.finish(lucky, completed());
    conflicts = 5;
    const givenUp = store.runs.finish(hapless, completed());

    await expect(givenUp).rejects.toMatchObject({ code: 'history_conflict' });
    expect(await store.runs.get(lucky.runId, ada)).toMatchObject({ state: 'completed', text: 'Rayleigh.' });
    expect(await store.runs.get(hapless.runId, ada)).toMatchObject({ state: 'queued', text: '' });
  });

  test('any other error of the history is not retried', async () => {
    let tries = 0;
    const around = appending(() => {
      tries += 1;
      throw new AgentError('history_corrupt', 'It cannot be read.');
    });
    await using rig = await openRig({ around });
    const claim = await claimed(rig.store);

    await expect(rig.store.runs.finish(claim, completed())).rejects.toMatchObject({ code: 'history_corrupt' });

    expect(tries).toBe(1);
  });

  test('a run that ends does not recreate a deleted conversation', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store);
    const run = (await store.runs.get(claim.runId, ada))!;
    await store.sessions.delete(run.sessionId, ada);

    await store.runs.finish(claim, completed());

    expect(await store.runs.get(claim.runId, ada)).toMatchObject({ state: 'completed' });
    expect((await store.history.load(run)).version).toBe(0);
    expect(await store.sessions.open(run.sessionId, ada)).toBeNull();
  });

  test('an end without a terminal event is refused', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);

    const noEnd: RunEnd = { state: 'completed', events: [update('a')], turn: null };

    await expect(runs.finish(claim, noEnd)).rejects.toThrow('is not a terminal one');
    expect(await runs.get(claim.runId, ada)).toMatchObject({ state: 'queued', text: '' });
  });

  test('twenty runs of one session that end at once add twenty turns', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const first = await claimed(store);
    const run = (await store.runs.get(first.runId, ada))!;
    const { sessionId } = run;
    const others = await Promise.all(Array.from({ length: 19 }, () => claimed(store, { sessionId })));

    const ends = await Promise.allSettled([first, ...others].map((claim) => store.runs.finish(claim, completed())));

    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect((await store.history.load(run)).version).toBe(20);
  });
}
