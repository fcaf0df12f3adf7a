// When the writes of the embedded store are committed, as another connection to its file sees them.
import { DatabaseSync } from 'node:sqlite';
import { AgentSession } from '@turnstream/core';
import { afterEach, expect, test, vi } from 'vitest';
import { ada, newRun, turn } from './fixtures.ts';
import { openSqliteRig, type SqliteRig } from './sqlite-rig.ts';

const anyNumber = { ...ada, maxSessions: 9 };

afterEach(() => {
  vi.useRealTimers();
});

test('a new session is committed with its first turn, and the process sees it before', async () => {
  await using rig = await openSqliteRig();
  const { runs, sessions, history } = rig.store;

  const session = await runs.createSession(anyNumber);
  const listed = await sessions.list('ada');
  const { version } = await history.load(session);
  const before = committed(rig);
  await runs.appendTurn(session, ada, turn, version);

  expect(listed).toMatchObject([{ sessionId: session.sessionId }]);
  expect([before, committed(rig)]).toEqual([0, 1]);
});

test.for([
  ['a run', ({ store }: SqliteRig) => store.runs.create(newRun())],
  ['a session that is saved', ({ store }: SqliteRig) => store.sessions.save(new AgentSession(), ada)],
] as const)('a new session is committed with %s', async ([, write]) => {
  await using rig = await openSqliteRig();
  await rig.store.runs.createSession(anyNumber);

  await write(rig);

  expect(committed(rig)).toBe(2);
});

test('new sessions that nothing follows are committed together after 100 ms', async () => {
  await using rig = await openSqliteRig();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await rig.store.runs.createSession(anyNumber);
  await rig.store.runs.createSession(anyNumber);

  vi.advanceTimersByTime(99);
  const seen = [(await rig.store.sessions.list('ada')).length, committed(rig)];
  vi.advanceTimersByTime(1);
  await rig.store.sessions.list('ada');

  expect(seen).toEqual([2, 0]);
  expect(committed(rig)).toBe(2);
});

test('what is refused in between is undone alone', async () => {
  await using rig = await openSqliteRig();
  const { store } = rig;
  const { runs, sessions } = store;
  const { sessionId } = await runs.createSession(anyNumber);

  const appended = runs.appendTurn(new AgentSession(), ada, turn, 0);
  const another = runs.createSession({ ...ada, maxSessions: 1 });

  await expect(appended).rejects.toMatchObject({ code: 'not_found' });
  await expect(another).rejects.toMatchObject({ code: 'too_many_sessions' });
  expect(await sessions.list('ada')).toMatchObject([{ sessionId }]);
  await store.ready();
  expect(committed(rig)).toBe(1);
});

test('a database that is closed before the commit loses the session and nothing else', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using rig = await openSqliteRig();
  await rig.store.runs.createSession(anyNumber);

  rig.database.close();
  vi.advanceTimersByTime(100);
  const listing = rig.store.sessions.list('ada');

  await expect(listing).rejects.toMatchObject({ code: 'config_invalid' });
  rig.database.open();
  expect(committed(rig)).toBe(0);
});

/** How many sessions somebody else finds in the file. */
function committed({ address }: SqliteRig): number {
  using database = new DatabaseSync(address.replace('sqlite ', ''), { readOnly: true });
  const [row] = database.prepare('SELECT count(*) AS sessions FROM turnstream_sessions').all();
  return Number(row!['sessions']);
}
