// What every history does with concurrent writers: it refuses an outdated version, and loses or mixes no turn.
import { expect } from 'vitest';
import {
  addTurns,
  appendPatiently,
  type HistoryChecks,
  handlesOf,
  newSession,
  storedNames,
  turnOf,
} from './history-check.ts';

export const checksOfConflicts: HistoryChecks = {
  async 'an append at another version than the stored one is refused and stores nothing'({ history }) {
    const session = newSession();
    await addTurns(history, session, ['1', '2']);

    for (const version of [0, 1, 3, 100, -1, 1.5, 2.5, NaN, Infinity])
      await expect(history.append(session, turnOf('x'), version)).rejects.toMatchObject({ code: 'history_conflict' });
    await expect(history.append(newSession(), turnOf('x'), 1)).rejects.toMatchObject({ code: 'history_conflict' });

    expect(await storedNames(history, session)).toEqual(['1', '2']);
  },

  async 'after a refusal the history accepts the turn at the right version'({ history }) {
    const session = newSession();
    await addTurns(history, session, ['1']);
    await history.append(session, turnOf('late'), 0).catch(() => {});

    const { version } = await history.append(session, turnOf('2'), 1);

    expect(version).toBe(2);
    expect(await storedNames(history, session)).toEqual(['1', '2']);
  },
};

export const checksOfConcurrency: HistoryChecks = {
  async 'of 50 concurrent appends, one is stored and 49 are refused'(rig) {
    const session = newSession();
    const [one, other] = await handlesOf(rig);
    await addTurns(rig.history, session, ['first']);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? other : one).append(session, turnOf(`${index}`), 1)),
    );

    const stored = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [`${index}`] : []));
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(stored).toHaveLength(1);
    expect(codes).toEqual(Array.from({ length: 49 }, () => 'history_conflict'));
    expect(await storedNames(rig.history, session)).toEqual(['first', ...stored]);
  },

  async 'ten writers that retry when refused lose no turn'(rig) {
    const session = newSession();
    const [one, other] = await handlesOf(rig);
    const names = Array.from({ length: 10 }, (_, index) => `${index}`);

    const refusals = await Promise.all(
      names.map((name, index) => appendPatiently(index % 2 ? other : one, session, turnOf(name))),
    );

    expect((await storedNames(rig.history, session)).toSorted()).toEqual(names);
    return `10 stored, ${refusals.reduce((sum, count) => sum + count, 0)} refused`;
  },

  async 'concurrent appends to 20 sessions are all stored'({ history }) {
    const sessions = Array.from({ length: 20 }, newSession);

    await Promise.all(sessions.map((session) => addTurns(history, session, ['1', '2'])));

    const stored = await Promise.all(sessions.map((session) => storedNames(history, session)));
    expect(stored).toEqual(sessions.map(() => ['1', '2']));
  },
};
