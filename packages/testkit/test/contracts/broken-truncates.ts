// Histories with a broken truncate.
import { historyConflict } from '@turnstream/core/seams';
import { type Break, Shelf } from './right-history.ts';

export const truncateMutants: Readonly<Record<string, Break>> = {
  'truncates at any version': (right, shelf) => ({
    truncate: (session, turnCount) => right.truncate(session, turnCount, shelf.versionOf(session.sessionId)),
  }),
  'counts turns for versions': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      await right.truncate(session, turnCount, version);
      shelf.ahead.delete(session.sessionId);
      return { version: turnCount };
    },
  }),
  'knows of one truncate only': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      const first = shelf.ahead.get(session.sessionId);
      const { version: next } = await right.truncate(session, turnCount, version);
      if (first !== undefined) shelf.ahead.set(session.sessionId, first);
      return { version: next };
    },
  }),
  'forgets the version with the last turn': (right) => ({
    async truncate(session, turnCount, version) {
      const truncated = await right.truncate(session, turnCount, version);
      if (turnCount === 0) await right.clear(session);
      return truncated;
    },
  }),
  'keeps the version through a clear': (_right, shelf) => ({
    clear: async ({ sessionId }) => void shelf.delete(sessionId),
  }),
  'counts a truncate of nothing': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      const { version: next } = await right.truncate(session, turnCount, version);
      if (next !== version) return { version: next };
      shelf.ahead.set(session.sessionId, version + 1 - turnCount);
      return { version: version + 1 };
    },
  }),
  'keeps the last turns': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      const texts = shelf.get(session.sessionId) ?? [];
      const truncated = await right.truncate(session, turnCount, version);
      shelf.set(session.sessionId, texts.slice(texts.length - turnCount));
      return truncated;
    },
  }),
  'keeps a turn too many': truncatingTo((turnCount) => turnCount + 1),
  'keeps a turn too few': truncatingTo((turnCount) => Math.max(0, turnCount - 1)),
  'truncates to any number': truncatingTo((turnCount, stored) =>
    Math.min(Math.max(0, Math.ceil(turnCount || 0)), stored),
  ),
  'truncates every session': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      const truncated = await right.truncate(session, turnCount, version);
      for (const [sessionId, texts] of shelf) shelf.set(sessionId, texts.slice(0, turnCount));
      return truncated;
    },
  }),
  'truncates by prefix': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      const truncated = await right.truncate(session, turnCount, version);
      for (const [sessionId, texts] of shelf)
        if (sessionId.startsWith(session.sessionId)) shelf.set(sessionId, texts.slice(0, turnCount));
      return truncated;
    },
  }),
  'removes turn by turn': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      const { sessionId } = session;
      const texts = shelf.get(sessionId) ?? [];
      for (let left = texts.length - 1; left > turnCount; left -= 1) {
        shelf.set(sessionId, texts.slice(0, left));
        shelf.ahead.set(sessionId, version - left);
        await new Promise(setImmediate);
      }
      return right.truncate(session, turnCount, version);
    },
  }),
  'looks before it waits to truncate': (right, shelf) => ({
    async truncate(session, turnCount, version) {
      const current = shelf.versionOf(session.sessionId);
      if (current !== version) throw historyConflict(session.sessionId, current, version);
      await new Promise(setImmediate);
      return right.truncate(session, turnCount, shelf.versionOf(session.sessionId));
    },
  }),
  'forgets truncates on restart': (right) => ({ truncate: right.truncate }),
  'forgets on restart how often it was changed': (right) => ({ truncate: right.truncate }),
};

/** A store that keeps the wrong number of turns. */
function truncatingTo(change: (turnCount: number, stored: number) => number): Break {
  return (right, shelf) => ({
    truncate: (session, turnCount, version) =>
      right.truncate(session, change(turnCount, shelf.get(session.sessionId)?.length ?? 0), version),
  });
}

/** What a store finds after losing something. */
export const restarts: Readonly<Record<string, (shelf: Shelf) => Shelf>> = {
  'forgets on restart': () => new Shelf(),
  'forgets truncates on restart': (shelf) => {
    const before = new Shelf(shelf);
    for (const [sessionId, texts] of shelf) before.set(sessionId, [...texts, ...texts, ...texts]);
    return before;
  },
  'forgets on restart how often it was changed': (shelf) => new Shelf(shelf),
};
