import { expect, onTestFinished, test, vi } from 'vitest';
import { AgentSession, MemorySessions } from '../../src/index.ts';
import { type SessionRows, StoredSessions } from '../../src/seams.ts';

const owner = 'ann';

/** What it is, what is said of it, and the call that is refused. */
type Refused = [string, string, (store: MemorySessions) => Promise<unknown>];

/** A back end that holds one record, whatever is asked. */
function holding(record: string): SessionRows {
  return { read: async () => record, write: async () => true, list: async () => [record], remove: async () => true };
}

const whole = {
  format: 1,
  version: 1,
  savedAtMs: 5,
  expiresAtMs: null,
  session: { type: 'agent_session', version: 1, sessionId: 's1', serviceSessionId: null, state: {} },
};

test('a session is open until its time is up, and its id is free afterwards', async () => {
  vi.useFakeTimers({ now: 1_000, toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = new MemorySessions();
  await store.save(new AgentSession({ sessionId: 's1' }), { owner, ttlMs: 500 });

  vi.setSystemTime(1_499);
  const before = [await store.open('s1', { owner }), await store.list(owner)];
  vi.setSystemTime(1_500);
  const after = [await store.open('s1', { owner }), await store.list(owner), await store.delete('s1', { owner })];
  await store.save(new AgentSession({ sessionId: 's1' }), { owner: 'bob' });

  expect(before).toMatchObject([{ sessionId: 's1' }, [{ sessionId: 's1', savedAtMs: 1_000, expiresAtMs: 1_500 }]]);
  expect(after).toEqual([null, [], false]);
  expect(await store.open('s1', { owner: 'bob' })).toMatchObject({ sessionId: 's1' });
});

test.each([
  ['no JSON', '{"format":1', 'is not JSON'],
  ['a list', '[]', 'it is a list'],
  ['a newer format', JSON.stringify({ ...whole, format: 2 }), 'format'],
  ['no version', JSON.stringify({ ...whole, version: '1' }), '"version" is a string'],
  ['no time', JSON.stringify({ ...whole, savedAtMs: null }), '"savedAtMs" is null'],
  ['an expiry that is a word', JSON.stringify({ ...whole, expiresAtMs: 'soon' }), '"expiresAtMs"'],
  ['no session', JSON.stringify({ ...whole, session: null }), '"session" is null'],
  ['half a session', JSON.stringify({ ...whole, session: { sessionId: 's1' } }), '"type" is missing'],
  ['more than a session', JSON.stringify({ ...whole, admin: true }), 'unknown member "admin"'],
  [
    'the session of another id',
    JSON.stringify({ ...whole, session: { ...whole.session, sessionId: 's2' } }),
    'another',
  ],
])('a stored session that is %s is an error and not a fresh session', async (_what, record, problem) => {
  const store = new StoredSessions(holding(record));

  const open = store.open('s1', { owner });

  await expect(open).rejects.toMatchObject({ code: 'session_invalid', message: expect.stringContaining(problem) });
});

test.each([
  ['that is broken', '{', 'it is not JSON'],
  ['without an id', JSON.stringify({ ...whole, session: {} }), '"session.sessionId" is missing'],
])('a record %s fails the listing it is in', async (_what, record, problem) => {
  const store = new StoredSessions(holding(record));

  const list = store.list(owner);

  await expect(list).rejects.toMatchObject({
    code: 'session_invalid',
    message: `The stored session of this owner cannot be read: ${problem}.`,
  });
});

const noOwner = 'owner must be a string of at least one character: who the session belongs to.';

test.each([
  ['an empty owner to save', noOwner, (store) => store.save(new AgentSession(), { owner: '' })],
  ['an owner that is a number', noOwner, (store) => store.open('s1', { owner: 7 as unknown as string })],
  ['an empty owner to list', noOwner, (store) => store.list('')],
  ['an empty owner to delete', noOwner, (store) => store.delete('s1', { owner: '' })],
  [
    'a time to live of 0',
    'ttlMs is 0; it must be a whole number of milliseconds, at least 1.',
    (store) => store.save(new AgentSession(), { owner, ttlMs: 0 }),
  ],
  [
    'a time to live of half a millisecond',
    'ttlMs is 0.5; it must be a whole number of milliseconds, at least 1.',
    (store) => store.save(new AgentSession(), { owner, ttlMs: 0.5 }),
  ],
  ...[0, 1_001, 1.5].map(
    (limit): Refused => [
      `a page of ${limit}`,
      `limit is ${limit}; it must be a whole number from 1 to 1000.`,
      (store) => store.list(owner, { limit }),
    ],
  ),
] satisfies Refused[])('%s is refused', async (_what, message, use) => {
  const store = new MemorySessions();

  const refused = use(store);

  await expect(refused).rejects.toMatchObject({ code: 'input_invalid', message });
  expect(await store.list(owner)).toEqual([]);
});

test('a page may be of 1 to 1,000 sessions and is of 50 when nothing is said', async () => {
  const store = new MemorySessions();
  for (let count = 0; count < 51; count += 1) await store.save(new AgentSession(), { owner });

  const pages = await Promise.all([{ limit: 1 }, { limit: 1_000 }, {}].map((page) => store.list(owner, page)));

  expect(pages.map((page) => page.length)).toEqual([1, 51, 50]);
});

test('a conflict says whether the id is taken or the session has moved on', async () => {
  const store = new MemorySessions();
  const session = new AgentSession({ sessionId: 's1' });
  await store.save(session, { owner });
  const other = await store.open('s1', { owner });
  await store.save(session, { owner });

  const taken = store.save(new AgentSession({ sessionId: 's1' }), { owner: 'bob' });
  const movedOn = store.save(other!, { owner });

  const advice = 'Open it again and repeat the change.';
  await expect(taken).rejects.toMatchObject({
    code: 'session_conflict',
    message: `Session "s1" is stored already. ${advice}`,
  });
  await expect(movedOn).rejects.toMatchObject({
    code: 'session_conflict',
    message: `Session "s1" is no longer at version 1. ${advice}`,
  });
});
