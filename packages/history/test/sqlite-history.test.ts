import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Message } from '@turnstream/core';
import { expect, test } from 'vitest';
import { SqliteHistory, SqliteSessions } from '../src/sqlite.ts';
import { newFolder } from './folder.ts';

const turn = (text: string): readonly Message[] => [{ role: 'user', contents: text }];

test('a turn is a row that SQL can read', async () => {
  using database = new DatabaseSync(':memory:');
  const history = new SqliteHistory(database);

  await history.append({ sessionId: 'User 42' }, turn('A\0B'), 0);

  expect({ ...database.prepare('SELECT * FROM turnstream_turns').get() }).toEqual({
    session_key: 'User%002042',
    turn: 1,
    record: String.raw`{"format":1,"turn":1,"messages":[{"role":"user","contents":"A\u0000B"}]}`,
  });
});

test('a truncate removes rows and stores the version, and a clear deletes both', async () => {
  using database = new DatabaseSync(':memory:');
  const history = new SqliteHistory(database);
  for (const [version, text] of ['A', 'B', 'C'].entries())
    await history.append({ sessionId: 's' }, turn(text), version);
  const rows = (table: string): unknown[] =>
    database
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => Object.values(row));

  await history.truncate({ sessionId: 's' }, 1, 3);
  await history.append({ sessionId: 's' }, turn('D'), 4);
  const stored = [rows('turnstream_turns'), rows('turnstream_truncates')];
  await history.clear({ sessionId: 's' });

  expect(stored).toEqual([
    [
      ['s', 1, '{"format":1,"turn":1,"messages":[{"role":"user","contents":"A"}]}'],
      ['s', 2, '{"format":1,"turn":2,"messages":[{"role":"user","contents":"D"}]}'],
    ],
    [['s', 3]],
  ]);
  expect([rows('turnstream_turns'), rows('turnstream_truncates')]).toEqual([[], []]);
});

test('a database of version 0.1, which had no truncates, can be read, added to and truncated', async () => {
  using database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE turnstream_turns (
    session_key TEXT NOT NULL, turn INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (session_key, turn)
  );
  INSERT INTO turnstream_turns VALUES
    ('s', 1, '{"format":1,"turn":1,"messages":[{"role":"user","contents":"A"}]}'),
    ('s', 2, '{"format":1,"turn":2,"messages":[{"role":"user","contents":"B"}]}')`);
  const history = new SqliteHistory(database);

  await history.append({ sessionId: 's' }, turn('C'), 2);
  await history.truncate({ sessionId: 's' }, 1, 3);

  expect(await history.load({ sessionId: 's' })).toMatchObject({ turns: [turn('A')], turnCount: 1, version: 4 });
});

test('a truncate that fails half-way changes nothing, and one inside a transaction is rolled back with it', async () => {
  using database = new DatabaseSync(':memory:');
  const history = new SqliteHistory(database);
  for (const [version, text] of ['A', 'B'].entries()) await history.append({ sessionId: 's' }, turn(text), version);
  database.exec(`CREATE TRIGGER fails BEFORE DELETE ON turnstream_turns BEGIN SELECT RAISE(ABORT, 'no'); END`);

  const failing = history.truncate({ sessionId: 's' }, 1, 2);
  await expect(failing).rejects.toThrow();
  const afterFailure = await history.load({ sessionId: 's' });
  database.exec('DROP TRIGGER fails; BEGIN IMMEDIATE');
  await history.truncate({ sessionId: 's' }, 1, 2);
  database.exec('ROLLBACK');

  expect(afterFailure).toMatchObject({ turnCount: 2, version: 2 });
  expect(await history.load({ sessionId: 's' })).toMatchObject({ turnCount: 2, version: 2 });
});

test('the last turns are found by an index, without a sort', async () => {
  using database = new DatabaseSync(':memory:');
  const asked: string[] = [];
  const history = new SqliteHistory({
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      asked.push(sql);
      return database.prepare(sql);
    },
  });
  await history.load({ sessionId: 's' }, { lastTurns: 20 });

  const plans = asked
    .filter((sql) => sql.includes('turnstream_turns'))
    .flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.includes('?3') ? [0, 0, 0] : [])))
    .map((step) => String(step['detail']));

  expect(plans.filter((step) => step.includes('SCAN turnstream') || step.includes('TEMP B-TREE'))).toEqual([]);
  expect(plans).toContain('SEARCH turnstream_turns USING INDEX sqlite_autoindex_turnstream_turns_1 (session_key=?)');
});

test('the database is in WAL, waits for other writers, and stays open', async () => {
  await using folder = await newFolder();
  using database = new DatabaseSync(join(folder.path, 'a.db'));

  new SqliteSessions(database);
  const history = new SqliteHistory(database);

  expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
  expect(database.prepare('PRAGMA busy_timeout').get()).toMatchObject({ timeout: 5_000 });
  expect(await history.load({ sessionId: 's' })).toMatchObject({ turns: [], version: 0 });
});

test('a handle with a waiting time of its own keeps it', async () => {
  using database = new DatabaseSync(':memory:', { timeout: 123 });

  new SqliteSessions(database);

  expect(database.prepare('PRAGMA busy_timeout').get()).toMatchObject({ timeout: 123 });
});

test.each([
  ['in the middle', 2, 'holds 2 of 3 records'],
  ['at the start', 1, 'holds 2 of 3 records'],
])('a row that is missing %s is an error and not a shorter history', async (_where, missing, problem) => {
  using database = new DatabaseSync(':memory:');
  const history = new SqliteHistory(database);
  for (const [version, text] of ['A', 'B', 'C'].entries())
    await history.append({ sessionId: 's' }, turn(text), version);
  database.prepare('DELETE FROM turnstream_turns WHERE turn = ?').run(missing);

  const load = history.load({ sessionId: 's' });

  await expect(load).rejects.toMatchObject({ code: 'history_corrupt', message: expect.stringContaining(problem) });
});

test('a handle that reads numbers as bigint is as good', async () => {
  using database = new DatabaseSync(':memory:', { readBigInts: true });
  const history = new SqliteHistory(database);
  await history.append({ sessionId: 's' }, turn('A'), 0);

  const { version } = await history.load({ sessionId: 's' });

  expect(version).toBe(1);
});

test('a record that somebody made a blob is an error', async () => {
  using database = new DatabaseSync(':memory:');
  const history = new SqliteHistory(database);
  await history.append({ sessionId: 's' }, turn('A'), 0);
  database.exec("UPDATE turnstream_turns SET record = x'00'");

  const load = history.load({ sessionId: 's' });

  await expect(load).rejects.toMatchObject({ code: 'history_corrupt' });
});
