// What every history does with hostile ids and texts: it treats them as data.
import type { Message } from '@turnstream/core';
import { expect } from 'vitest';
import { addTurns, type HistoryChecks, newSession, storedNames, turnOf } from './history-check.ts';
import { hostileIds, hostileTexts } from './hostile-strings.ts';

export const checksOfHostileIds: HistoryChecks = {
  async 'each hostile id has its own conversation'({ history }) {
    await Promise.all(hostileIds.map((sessionId, index) => addTurns(history, { sessionId }, [`${index}`])));

    const stored = await Promise.all(hostileIds.map((sessionId) => storedNames(history, { sessionId })));

    expect(stored).toEqual(hostileIds.map((_, index) => [`${index}`]));
    return `${hostileIds.length} ids`;
  },

  async 'clearing every second hostile id keeps the others'({ history }) {
    await Promise.all(hostileIds.map((sessionId, index) => addTurns(history, { sessionId }, [`${index}`])));

    for (const [index, sessionId] of hostileIds.entries()) if (index % 2 === 0) await history.clear({ sessionId });

    const stored = await Promise.all(hostileIds.map((sessionId) => storedNames(history, { sessionId })));
    expect(stored).toEqual(hostileIds.map((_, index) => (index % 2 === 0 ? [] : [`${index}`])));
  },
};

export const checksOfHostileContents: HistoryChecks = {
  async 'hostile texts come back unchanged'({ history }) {
    const session = newSession();
    const turn = hostileTexts.map((contents): Message => ({ role: 'user', contents }));
    await history.append(session, turn, 0);

    const { messages } = await history.load(session);

    expect(messages).toEqual(turn);
    return `${hostileTexts.length} texts`;
  },

  async 'hostile member names are stored as plain members and touch no prototype'({ history }) {
    const session = newSession();
    const turn = JSON.parse(
      '[{"role":"user","contents":"x","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"a\\u0000b":1}]',
    ) as readonly Message[];
    await history.append(session, turn, 0);

    const { messages } = await history.load(session);

    expect(JSON.stringify(messages)).toBe(JSON.stringify(turn));
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
    expect((messages[0] as { admin?: boolean }).admin).toBeUndefined();
  },

  async 'a message of 1 MiB comes back whole, and so do the turns around it'({ history }) {
    const session = newSession();
    const text = '0123456789abcdé\n'.repeat(65_536);
    await addTurns(history, session, ['1']);
    await history.append(session, [{ role: 'user', contents: text }], 1);
    await history.append(session, turnOf('3'), 2);

    const { messages } = await history.load(session);

    expect(messages.map((message) => message.contents === text)).toEqual([false, false, true, false, false]);
    expect((await history.load(session, { lastTurns: 1 })).messages).toEqual(turnOf('3'));
  },
};
