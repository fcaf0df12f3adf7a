// What every history does on truncate: it keeps the first turns, atomically, and never reuses a version.
import type { HistoryProvider } from '@turnstream/core';
import { expect } from 'vitest';
import {
  addTurns,
  type HistoryChecks,
  handlesOf,
  newSession,
  storedNames,
  turnNames,
  turnOf,
} from './history-check.ts';

const five = ['1', '2', '3', '4', '5'];

export const checksOfTruncates: HistoryChecks = {
  async 'truncate keeps the first turns unchanged, raises the version by one, and the next turn follows them'({
    history,
  }) {
    const session = newSession();
    await addTurns(history, session, five);

    const truncated = await history.truncate(session, 3, 5);
    const loaded = await history.load(session);
    const appended = await history.append(session, turnOf('again'), 6);

    expect([truncated.version, appended.version]).toEqual([6, 7]);
    expect(loaded).toEqual({
      messages: ['1', '2', '3'].flatMap((name) => turnOf(name)),
      turns: ['1', '2', '3'].map((name) => turnOf(name)),
      turnCount: 3,
      version: 6,
    });
    expect(await history.load(session, { lastTurns: 2 })).toEqual({
      messages: [...turnOf('3'), ...turnOf('again')],
      turns: [turnOf('3'), turnOf('again')],
      turnCount: 4,
      version: 7,
    });
  },

  async 'a truncate at another version than the stored one is refused and removes nothing'({ history }) {
    const session = newSession();
    await addTurns(history, session, five);

    for (const version of [0, 1, 4, 6, 100, -1])
      await expect(history.truncate(session, 1, version)).rejects.toMatchObject({ code: 'history_conflict' });
    await expect(history.truncate(newSession(), 0, 1)).rejects.toMatchObject({ code: 'history_conflict' });

    expect(await storedNames(history, session)).toEqual(five);
  },

  async 'an append that loaded before a truncate is refused, even when the turn count is the same again'({ history }) {
    const session = newSession();
    await addTurns(history, session, ['1', '2']);

    await history.truncate(session, 1, 2);
    await addTurns(history, session, ['again']);

    for (const version of [1, 2, 3]) {
      const appending = history.append(session, turnOf('late'), version);
      await expect(appending).rejects.toMatchObject({ code: 'history_conflict' });
      const truncating = history.truncate(session, 1, version);
      await expect(truncating).rejects.toMatchObject({ code: 'history_conflict' });
    }
    expect(await history.load(session)).toMatchObject({ turnCount: 2, version: 4 });
    expect(await storedNames(history, session)).toEqual(['1', 'again']);
  },

  async 'repeated truncates each raise the version by one'({ history }) {
    const session = newSession();
    const versions: number[] = [];
    await addTurns(history, session, ['1']);

    for (const name of ['a', 'b', 'c']) {
      const { version } = await history.append(session, turnOf(name), versions.at(-1) ?? 1);
      versions.push(version, (await history.truncate(session, 1, version)).version);
    }

    expect(versions).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await history.load(session)).toMatchObject({ turns: [turnOf('1')], turnCount: 1, version: 7 });
  },

  async 'a history truncated to no turns keeps its version until it is cleared'({ history }) {
    const session = newSession();
    await addTurns(history, session, ['1', '2']);

    await history.truncate(session, 0, 2);
    const emptied = await history.load(session);
    await expect(history.append(session, turnOf('late'), 0)).rejects.toMatchObject({ code: 'history_conflict' });
    await addTurns(history, session, ['first']);
    const begun = await history.load(session);
    await history.clear(session);
    await addTurns(history, session, ['new']);

    expect(emptied).toEqual({ messages: [], turns: [], turnCount: 0, version: 3 });
    expect(begun).toMatchObject({ turns: [turnOf('first')], version: 4 });
    expect(await history.load(session)).toMatchObject({ turns: [turnOf('new')], version: 1 });
  },

  async 'a truncate with nothing to remove changes nothing'({ history }) {
    const [session, empty] = [newSession(), newSession()];
    await addTurns(history, session, ['1', '2']);

    const versions = [await history.truncate(session, 2, 2), await history.truncate(empty, 0, 0)];

    expect(versions).toEqual([{ version: 2 }, { version: 0 }]);
    expect(await history.append(session, turnOf('3'), 2)).toEqual({ version: 3 });
    expect(await history.append(empty, turnOf('1'), 0)).toEqual({ version: 1 });
  },

  async 'an invalid number of turns, or more than are stored, is refused and removes nothing'({ history }) {
    const session = newSession();
    await addTurns(history, session, ['1', '2']);

    for (const turnCount of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 3])
      await expect(history.truncate(session, turnCount, 2)).rejects.toMatchObject({ code: 'input_invalid' });
    await expect(history.truncate(newSession(), 1, 0)).rejects.toMatchObject({ code: 'input_invalid' });

    expect(await history.load(session)).toMatchObject({ turnCount: 2, version: 2 });
  },

  async 'truncate leaves the turns of every other session'({ history }) {
    const session = newSession();
    const others = [newSession(), { sessionId: `${session.sessionId}2` }, { sessionId: session.sessionId.slice(1) }];
    for (const each of [session, ...others]) await addTurns(history, each, ['1', '2']);

    await history.truncate(session, 0, 2);

    const loads = await Promise.all(others.map((other) => history.load(other)));
    expect(loads.map(({ turnCount, version }) => [turnCount, version])).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
  },
};

export const checksOfRacingTruncates: HistoryChecks = {
  async 'of 30 concurrent appends and truncates, one is stored and 29 are refused'(rig) {
    const session = newSession();
    const [one, other] = await handlesOf(rig);
    const isAppend = (index = 0): boolean => index % 3 === 2;
    await addTurns(rig.history, session, five);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => {
        const history = index % 2 ? other : one;
        return isAppend(index) ? history.append(session, turnOf('6'), 5) : history.truncate(session, 2, 5);
      }),
    );

    const stored = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(stored).toHaveLength(1);
    expect(codes).toEqual(Array.from({ length: 29 }, () => 'history_conflict'));
    expect(await rig.history.load(session)).toMatchObject({ turnCount: isAppend(stored[0]) ? 6 : 2, version: 6 });
  },

  async 'a reader sees the turns before or after a truncate, never part of one'(rig) {
    const [session, names] = [newSession(), Array.from({ length: 40 }, (_, index) => `${index}`)];
    const [one, other] = await handlesOf(rig);
    await addTurns(rig.history, session, names);
    const over = new AbortController();
    const read = async (history: HistoryProvider): Promise<number> => {
      let reads = 0;
      for (; !over.signal.aborted || reads === 0; reads += 1) {
        const { messages, turnCount, version } = await history.load(session);
        const kept = version === 40 ? 40 : 2;
        expect([version, turnCount, turnNames(messages)]).toEqual([kept === 40 ? 40 : 41, kept, names.slice(0, kept)]);
        // Yields to the truncate, for stores that answer without waiting for anything.
        await new Promise(setImmediate);
      }
      return reads;
    };

    const truncating = rig.history.truncate(session, 2, 40).finally(() => over.abort());

    const [reads] = await Promise.all([Promise.all([one, other].map(read)), truncating]);
    return `${reads.reduce((sum, count) => sum + count, 0)} reads`;
  },
};

export const checksOfTruncatesAndRestarts: HistoryChecks = {
  async 'a new handle on the storage sees the truncated history and its version'(rig) {
    const session = newSession();
    await addTurns(rig.history, session, ['1', '2', '3']);
    await rig.history.truncate(session, 1, 3);

    const [, reopened] = await handlesOf(rig);
    const loaded = await reopened.load(session);
    await expect(reopened.append(session, turnOf('late'), 3)).rejects.toMatchObject({ code: 'history_conflict' });
    await reopened.append(session, turnOf('2b'), 4);

    expect(loaded).toMatchObject({ turns: [turnOf('1')], turnCount: 1, version: 4 });
    expect(await rig.history.load(session)).toMatchObject({ turns: [turnOf('1'), turnOf('2b')], version: 5 });
  },
};
