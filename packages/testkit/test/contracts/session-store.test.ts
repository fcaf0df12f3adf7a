// The contract of a SessionStore, tested both ways: the memory of core keeps it, and each broken promise is found.
import { MemorySessions } from '@turnstream/core';
import { canReplaceRow, type SessionRow, type SessionRows, StoredSessions, unexpiredRow } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { sessionStoreContract } from '../../src/contracts/index.ts';
import { runStoreCheck, sessionStoreChecks } from '../../src/contracts/session-store.ts';
import type { SessionStoreRig } from '../../src/contracts/session-store-checks.ts';
import { expectFound, impatientOf } from './impatient.ts';

sessionStoreContract('the memory of core', () => ({ sessions: new MemorySessions() }));

sessionStoreContract('a store that lists in an order of its own', () =>
  storeOf((right) => ({
    async list(owner, { after, limit }, nowMs) {
      const listed = (await right.list(owner, { after: null, limit: 1_000 }, nowMs)).toReversed();
      const ids = listed.map((record) => (JSON.parse(record) as { session: { sessionId: string } }).session.sessionId);
      return listed.slice(after === null ? 0 : ids.indexOf(after) + 1).slice(0, limit);
    },
  })),
);

type Break = (right: SessionRows, rows: Map<string, SessionRow>) => Partial<SessionRows>;

const mutants: Record<string, Break> = {
  'writes records as UTF-8': (right) => ({
    write: (row, nowMs) => right.write({ ...row, record: row.record.replaceAll('\\ud800', '\ufffd') }, nowMs),
  }),
  'makes up sessions': (right) => ({
    read: async (sessionId, owner, nowMs) => (await right.read(sessionId, owner, nowMs)) ?? newRecord(sessionId),
  }),
  'answers no save': () => ({ write: () => Promise.withResolvers<boolean>().promise }),
  'says that it deleted': (right) => ({ remove: async (...which) => (await right.remove(...which)) || true }),
  'saves once': (_right, rows) => ({
    write: async (row) => !rows.has(row.sessionId) && rows.set(row.sessionId, row).has(row.sessionId),
  }),
  'lets the last save win': (_right, rows) => ({
    write: async (row) => rows.set(row.sessionId, row).has(row.sessionId),
  }),
  'looks before it waits': (_right, rows) => ({
    async write(row, nowMs) {
      const may = canReplaceRow(row, unexpiredRow(rows.get(row.sessionId), nowMs));
      await new Promise(setImmediate);
      if (may) rows.set(row.sessionId, row);
      return may;
    },
  }),
  'does not delete': () => ({ remove: async () => true }),
  'opens for everyone': (_right, rows) => ({ read: async (sessionId) => rows.get(sessionId)?.record ?? null }),
  'lists for everyone': (_right, rows) => ({ list: async () => [...rows.values()].map(({ record }) => record) }),
  'deletes for everyone': (_right, rows) => ({ remove: async (sessionId) => rows.delete(sessionId) }),
  'saves for everyone': (_right, rows) => ({
    write: async (row) =>
      (rows.get(row.sessionId)?.version ?? 0) < row.version && rows.set(row.sessionId, row).size > 0,
  }),
  'sees no upper case in owners': (right) => ({
    write: (row, nowMs) => right.write({ ...row, owner: row.owner.toLowerCase() }, nowMs),
    read: (sessionId, owner, nowMs) => right.read(sessionId, owner.toLowerCase(), nowMs),
    list: (owner, page, nowMs) => right.list(owner.toLowerCase(), page, nowMs),
  }),
  'repeats the last of a page': (right) => ({
    list: (owner, { after, limit }, nowMs) => right.list(owner, { after: after && after.slice(0, -1), limit }, nowMs),
  }),
  'gives whole lists as pages': (right) => ({
    list: (owner, { after }, nowMs) => right.list(owner, { after, limit: 1_000 }, nowMs),
  }),
  'never expires': (right) => ({
    read: (id, owner) => right.read(id, owner, 0),
    list: (id, page) => right.list(id, page, 0),
  }),
  'keeps expired ids': (right) => ({ write: (row) => right.write(row, 0) }),
  'keeps the first expiry': (right, rows) => ({
    write: (row, nowMs) =>
      right.write({ ...row, expiresAtMs: rows.get(row.sessionId)?.expiresAtMs ?? row.expiresAtMs }, nowMs),
  }),
  'hides the expiry': (right) => ({
    write: (row, nowMs) =>
      right.write({ ...row, record: row.record.replace(/"expiresAtMs":\d+/, '"expiresAtMs":null') }, nowMs),
  }),
};

const foundBy: readonly (readonly [mutant: string, sentence: string, never?: string])[] = [
  ['writes records as UTF-8', 'a saved session opens unchanged, also through a new handle'],
  ['makes up sessions', 'an unsaved session is null, and deleting it returns false'],
  ['says that it deleted', 'an unsaved session is null, and deleting it returns false'],
  ['saves once', 'a session can be saved again and again'],
  ['lets the last save win', 'when a session is opened twice, the second save is refused'],
  ['lets the last save win', 'a new session does not replace a stored one'],
  ['looks before it waits', 'of 20 concurrent saves, one is kept'],
  ['does not delete', 'a deleted session cannot be brought back through an old handle, and its id is free'],
  ['opens for everyone', 'another owner’s session looks like one that does not exist'],
  ['lists for everyone', 'another owner’s session looks like one that does not exist'],
  ['deletes for everyone', 'another owner’s session looks like one that does not exist'],
  ['saves for everyone', 'nobody can overwrite another owner’s session, whether new or opened'],
  ['sees no upper case in owners', 'each hostile id and each hostile owner stays distinct'],
  ['repeats the last of a page', 'a listing returns each session of an owner once, paged in a stable order'],
  ['gives whole lists as pages', 'a listing returns each session of an owner once, paged in a stable order'],
  ['never expires', 'an expired session is gone, and its id is free', 'session short to expire'],
  ['answers no save', 'a saved session opens unchanged, also through a new handle', 'the store'],
  ['keeps expired ids', 'an expired session is gone, and its id is free'],
  ['keeps the first expiry', 'each save resets the expiry, and a save without one removes it'],
  ['hides the expiry', 'a listing includes when each session was saved and when it expires'],
];

test.for(foundBy)('a store that %s is found by: %s', async ([mutant, sentence, never = null]) => {
  const check = sessionStoreChecks[sentence]!;

  const run = runStoreCheck(check, () => storeOf(mutants[mutant]!), impatientOf(never));

  await expectFound(run, never);
});

test('every sentence of the contract finds some broken store, and every broken store is found', () => {
  const sentences = new Set(foundBy.map(([, sentence]) => sentence));
  const found = new Set(foundBy.map(([mutant]) => mutant));

  expect([...sentences].toSorted()).toEqual(Object.keys(sessionStoreChecks).toSorted());
  expect([...found].toSorted()).toEqual(Object.keys(mutants).toSorted());
});

function storeOf(change: Break): SessionStoreRig {
  const rows = new Map<string, SessionRow>();
  const live = (sessionId: string, owner: string, nowMs: number): SessionRow | null => {
    const row = unexpiredRow(rows.get(sessionId), nowMs);
    return row?.owner === owner ? row : null;
  };
  const right: SessionRows = {
    read: async (sessionId, owner, nowMs) => live(sessionId, owner, nowMs)?.record ?? null,
    write: async (row, nowMs) => {
      const may = canReplaceRow(row, unexpiredRow(rows.get(row.sessionId), nowMs));
      if (may) rows.set(row.sessionId, row);
      return may;
    },
    list: async (owner, { after, limit }, nowMs) =>
      [...rows.keys()]
        .toSorted()
        .filter((sessionId) => after === null || sessionId > after)
        .flatMap((sessionId) => live(sessionId, owner, nowMs)?.record ?? [])
        .slice(0, limit),
    remove: async (sessionId, owner, nowMs) => live(sessionId, owner, nowMs) !== null && rows.delete(sessionId),
  };
  return { sessions: new StoredSessions({ ...right, ...change(right, rows) }) };
}

function newRecord(sessionId: string): string {
  const session = { type: 'agent_session', version: 1, sessionId, serviceSessionId: null, state: {} };
  return JSON.stringify({ format: 1, version: 1, savedAtMs: 0, expiresAtMs: null, session });
}
