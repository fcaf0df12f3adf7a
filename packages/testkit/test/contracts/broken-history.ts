// Broken histories, one for each promise of the contract.
import { type HistoryProvider, type Message, textOf } from '@turnstream/core';
import { historyConflict, loadedHistory } from '@turnstream/core/seams';
import type { HistoryRig } from '../../src/contracts/history-check.ts';
import { restarts, truncateMutants } from './broken-truncates.ts';
import { type Break, parsed, rightHistory, Shelf } from './right-history.ts';

/** A rig on a store broken in this way; on a correct store by default. */
export function brokenHistory(mutant?: string): HistoryRig {
  const shelf = new Shelf();
  const open = (store: Shelf): HistoryProvider => {
    const right = rightHistory(store);
    return mutant === undefined ? right : { ...right, ...mutants[mutant]!(right, store) };
  };
  return {
    history: open(shelf),
    reopen: () => open(restarts[mutant ?? '']?.(shelf) ?? shelf),
    spoil: (sessionId) => void shelf.get(sessionId)?.splice(-1, 1, 'spoiled'),
  };
}

/** A store that files turns under something other than the id. */
function filedUnder(keyOf: (sessionId: string) => string): Break {
  return (right) => ({
    load: ({ sessionId }, options) => right.load({ sessionId: keyOf(sessionId) }, options),
    append: ({ sessionId }, turn, version) => right.append({ sessionId: keyOf(sessionId) }, turn, version),
    truncate: ({ sessionId }, count, version) => right.truncate({ sessionId: keyOf(sessionId) }, count, version),
    clear: ({ sessionId }) => right.clear({ sessionId: keyOf(sessionId) }),
  });
}

/** A store that keeps something other than the turn. */
function storing(change: (turn: readonly Message[]) => unknown): Break {
  return (right) => ({
    append: (session, turn, version) => right.append(session, change(turn) as readonly Message[], version),
  });
}

/** A store that returns something other than what it keeps. */
function giving(change: (messages: readonly Message[], lastTurns: number | undefined) => readonly Message[]): Break {
  return (right) => ({
    async load(session, options = {}) {
      const loaded = await right.load(session);
      return { ...loaded, messages: change(loaded.messages, options.lastTurns) };
    },
  });
}

const pick = ({ role, contents }: Message): Message => ({ role, contents });

const mutants: Readonly<Record<string, Break>> = {
  ...truncateMutants,
  'greets new sessions': giving((messages) =>
    messages.length === 0 ? [{ role: 'system', contents: 'Hi' }] : messages,
  ),
  'gives the newest first': giving((messages) => messages.toReversed()),
  'sorts by number as text': (_right, shelf) => ({
    async load({ sessionId }) {
      const numbered = (shelf.get(sessionId) ?? []).map((text, index) => [`${index + 1}`, text] as const);
      const sorted = numbered.toSorted(([a], [b]) => (a < b ? -1 : 1));
      const turns = sorted.map(([, text]) => parsed(text, sessionId));
      return loadedHistory(turns, { turnCount: turns.length, version: turns.length });
    },
  }),
  'keeps the text alone': storing((turn) =>
    turn.map(({ role, contents }) => ({ role, contents: typeof contents === 'string' ? contents : '' })),
  ),
  'drops members it does not know': storing((turn) => turn.map(pick)),
  'keeps the objects of the caller': () => {
    const kept = new Map<string, (readonly Message[])[]>();
    return {
      load: async ({ sessionId }) => {
        const turns = kept.get(sessionId) ?? [];
        return loadedHistory(turns, { turnCount: turns.length, version: turns.length });
      },
      append: async ({ sessionId }, turn, version) => {
        kept.set(sessionId, [...(kept.get(sessionId) ?? []), turn]);
        return { version: version + 1 };
      },
    };
  },
  'clears every session': (_right, shelf) => ({ clear: async () => shelf.clear() }),
  'clears by prefix': (_right, shelf) => ({
    async clear({ sessionId }) {
      for (const key of shelf.keys()) if (key.startsWith(sessionId)) shelf.delete(key);
    },
  }),
  'stores what JSON makes of it': storing((turn) => JSON.parse(JSON.stringify(turn))),
  'gives the oldest turns': giving((messages, lastTurns) =>
    lastTurns === undefined ? messages : messages.slice(0, lastTurns * 2),
  ),
  'takes 0 for all': giving((messages, lastTurns = 0) => messages.slice(-lastTurns * 2)),
  'counts messages': giving((messages, lastTurns) =>
    lastTurns === undefined ? messages : messages.slice(Math.max(0, messages.length - lastTurns * 2)),
  ),
  'takes the loaded turns for all': (right) => ({
    async load(session, options) {
      const loaded = await right.load(session, options);
      return { ...loaded, version: loaded.turns.length };
    },
  }),
  'counts the turns it loaded': (right) => ({
    async load(session, options) {
      const loaded = await right.load(session, options);
      return { ...loaded, turnCount: loaded.turns.length };
    },
  }),
  'gives each message as a turn': (right) => ({
    async load(session, options) {
      const loaded = await right.load(session, options);
      return { ...loaded, turns: loaded.messages.map((message) => [message]) };
    },
  }),
  'takes any lastTurns': (right) => ({
    load: (session, { lastTurns } = {}) =>
      right.load(session, lastTurns === undefined || !(lastTurns >= 0) ? {} : { lastTurns: Math.floor(lastTurns) }),
  }),
  'ignores the version': (right, shelf) => ({
    append: (session, turn) => right.append(session, turn, shelf.versionOf(session.sessionId)),
  }),
  'stores half of a refused turn': (right, shelf) => ({
    async append(session, turn, version) {
      const texts = shelf.get(session.sessionId) ?? [];
      if (texts.length !== version) shelf.set(session.sessionId, [...texts, JSON.stringify(turn.slice(0, 1))]);
      return right.append(session, turn, version);
    },
  }),
  'looks before it waits': (_right, shelf) => ({
    async append({ sessionId }, turn, version) {
      const texts = shelf.get(sessionId) ?? [];
      if (texts.length !== version) throw historyConflict(sessionId, texts.length, version);
      await new Promise(setImmediate);
      shelf.set(sessionId, [...texts, JSON.stringify(turn)]);
      return { version: version + 1 };
    },
  }),
  'has one write under way for all': (right) => {
    let last = '';
    return {
      async append(session, turn, version) {
        last = session.sessionId;
        await new Promise(setImmediate);
        return right.append({ sessionId: last }, turn, version);
      },
    };
  },
  'replaces characters of ids': filedUnder((id) => id.replaceAll('/', '_')),
  'sees no upper case': filedUnder((id) => id.toLowerCase()),
  'trims ids': filedUnder((id) => id.trim()),
  'cuts ids': filedUnder((id) => id.slice(0, 255)),
  'writes ids as UTF-8': filedUnder((id) => Buffer.from(id).toString()),
  'normalizes ids': filedUnder((id) => id.normalize('NFC')),
  'stops ids at U+0000': filedUnder((id) => id.split('\0')[0] ?? ''),
  'has an object for a map': (right) => {
    const counts: Record<string, number> = {};
    return {
      async append(session, turn, version) {
        const count = counts[session.sessionId] ?? 0;
        if (count !== version) throw historyConflict(session.sessionId, count, version);
        counts[session.sessionId] = count + 1;
        return right.append(session, turn, version);
      },
    };
  },
  'writes texts as UTF-8': storing((turn) => turn.map((message) => ({ ...message, contents: utf8(message.contents) }))),
  'drops U+0000': storing((turn) =>
    turn.map((message) => ({ ...message, contents: textOf(message).replaceAll('\0', '') })),
  ),
  'assigns members one by one': giving((messages) => messages.map(assigned)),
  'cuts long texts': storing((turn) =>
    turn.map((message) => ({ ...message, contents: textOf(message).slice(0, 65_535) })),
  ),
  'forgets on restart': () => ({}),
  'takes a spoiled record for none': (_right, shelf) => ({
    async load({ sessionId }) {
      const texts = (shelf.get(sessionId) ?? []).filter((text) => text !== 'spoiled');
      const turns = texts.map((text) => parsed(text, sessionId));
      return loadedHistory(turns, { turnCount: turns.length, version: turns.length });
    },
  }),
  'answers no append': () => ({ append: () => Promise.withResolvers<never>().promise }),
  'refuses every turn but the first': (right) => ({
    async append(session, turn, version) {
      if (version > 0) throw historyConflict(session.sessionId, version + 1, version);
      return right.append(session, turn, version);
    },
  }),
  'takes a spoiled session for a new one': (right) => ({
    load: (session, options) =>
      right.load(session, options).catch(() => loadedHistory([], { turnCount: 0, version: 0 })),
  }),
};

export const historyMutants: readonly string[] = Object.keys(mutants);

function utf8(contents: Message['contents']): Message['contents'] {
  return typeof contents === 'string' ? Buffer.from(contents).toString() : contents;
}

function assigned(message: Message): Message {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(message)) copy[key] = value;
  return copy as unknown as Message;
}
