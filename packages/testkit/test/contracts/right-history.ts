// The smallest history that keeps the contract, on storage that its broken variants can access.
import { AgentError, type HistoryProvider, type Message } from '@turnstream/core';
import {
  checkLastTurns,
  historyConflict,
  loadedHistory,
  parseTurn,
  removesTurns,
  storableTurn,
} from '@turnstream/core/seams';

/** JSON texts of turns, by session id. */
export class Shelf extends Map<string, string[]> {
  /** Difference between the version and the number of turns. */
  readonly ahead: Map<string, number> = new Map();

  versionOf(sessionId: string): number {
    return (this.get(sessionId)?.length ?? 0) + (this.ahead.get(sessionId) ?? 0);
  }
}

/** How a store is broken: members that replace the correct ones. */
export type Break = (right: HistoryProvider, shelf: Shelf) => Partial<HistoryProvider>;

export function rightHistory(shelf: Shelf): HistoryProvider {
  return {
    async load({ sessionId }, { lastTurns } = {}) {
      checkLastTurns(lastTurns);
      const texts = shelf.get(sessionId) ?? [];
      const from = Math.max(0, texts.length - (lastTurns ?? texts.length));
      const turns = texts.slice(from).map((text) => parsed(text, sessionId));
      return loadedHistory(turns, { turnCount: texts.length, version: shelf.versionOf(sessionId) });
    },
    async append({ sessionId }, turn, version) {
      const text = JSON.stringify(storableTurn(turn));
      const current = shelf.versionOf(sessionId);
      if (current !== version) throw historyConflict(sessionId, current, version);
      shelf.set(sessionId, [...(shelf.get(sessionId) ?? []), text]);
      return { version: version + 1 };
    },
    async truncate(session, turnCount, version) {
      const { sessionId } = session;
      const texts = shelf.get(sessionId) ?? [];
      const stored = { turnCount: texts.length, version: shelf.versionOf(sessionId) };
      if (!removesTurns(session, { turnCount, version }, stored)) return { version };
      shelf.set(sessionId, texts.slice(0, turnCount));
      shelf.ahead.set(sessionId, version + 1 - turnCount);
      return { version: version + 1 };
    },
    async clear({ sessionId }) {
      shelf.delete(sessionId);
      shelf.ahead.delete(sessionId);
    },
  };
}

export function parsed(text: string, sessionId: string): readonly Message[] {
  try {
    return parseTurn(JSON.parse(text), 'turn');
  } catch (cause) {
    throw new AgentError('history_corrupt', `A turn of ${sessionId} cannot be read.`, { cause });
  }
}
