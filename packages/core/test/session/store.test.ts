import { expect, onTestFinished, test, vi } from 'vitest';
import { AgentSession, MemorySessions } from '../../src/index.ts';
import { type SessionRows, StoredSessions } from '../../src/seams.ts';

const owner = 'ann';

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

test('what cannot be an owner, a time to live or a page is refused', async () => {
  const store = new MemorySessions();

  const refused = await Promise.allSettled([
    store.save(new AgentSession({ sessionId: 's1' }), { owner: '' }),
    store.open('s1', { owner: '' }),
    store.list(''),
    store.delete('s1', { owner: '' }),
    store.save(new AgentSession({ sessionId: 's1' }), { owner, ttlMs: 0 }),
    store.list(owner, { limit: 0 }),
    store.list(owner, { limit: 1_001 }),
  ]);

  expect(refused.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual(
    refused.map(() => 'input_invalid'),
  );
  expect(await store.list(owner)).toEqual([]);
});
