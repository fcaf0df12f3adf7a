import { DatabaseSync } from 'node:sqlite';
import { AgentSession } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { expect, test } from 'vitest';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { SqliteJobs } from '../../src/store/sqlite-jobs.ts';
import { storeContract } from './contract.ts';
import { testsOfKilledProcesses } from './contract-of-leases.ts';
import { ada, appending, claimed, completed, everything, Notes, newRun } from './fixtures.ts';
import { openSqliteRig, openSqliteStore } from './sqlite-rig.ts';

storeContract('sqlite (file)', openSqliteRig, { reach: 'restarts' });

testsOfKilledProcesses(openSqliteRig);

storeContract(
  'sqlite (:memory:)',
  async (options) => {
    const { store, database } = openSqliteStore(':memory:', options);
    return { store, [Symbol.asyncDispose]: async () => database.close() };
  },
  { reach: 'process' },
);

test('writes of others during a transaction are not rolled back with it', async () => {
  const inAppend = Promise.withResolvers<void>();
  const refusal = Promise.withResolvers<never>();
  const around = appending(() => {
    inAppend.resolve();
    return refusal.promise;
  });
  await using rig = await openSqliteRig({ around });
  const { store } = rig;
  const claim = await claimed(store);
  const session = new AgentSession();

  const finished = store.runs.finish(claim, completed());
  await inAppend.promise;
  const meanwhile = Promise.all([
    store.sessions.save(session, ada),
    store.sessions.open(session.sessionId, ada),
    store.sessions.list('ada'),
    store.history.load(session),
    store.runs.get(claim.runId, ada),
    store.sessions.delete(session.sessionId, ada),
    store.history.clear(session),
  ]);
  refusal.reject(new Error('full'));

  await expect(finished).rejects.toThrow('full');
  const [, opened, listed, loaded, run, wasThere] = await meanwhile;
  expect(opened).toMatchObject({ sessionId: session.sessionId });
  expect(listed).toHaveLength(2);
  expect(loaded).toMatchObject({ turns: [], version: 0 });
  expect(run).toMatchObject({ state: 'queued', text: '' });
  expect(wasThere).toBe(true);
});

test('when the disk is full, a run does not end, and the error says why', async () => {
  await using rig = await openSqliteRig();
  const { store, database } = rig;
  const claim = await claimed(store);
  database.exec('PRAGMA max_page_count = 1');

  const text = 'long '.repeat(100_000);
  const finished = store.runs.finish(claim, {
    ...completed(),
    turn: { messages: [{ role: 'user', contents: text }], ahead: 0 },
  });

  await expect(finished).rejects.toThrow('full');
  database.exec('PRAGMA max_page_count = 1000000');
  expect(await store.runs.events(claim.runId, everything)).toHaveLength(1);
  await expect(store.runs.finish(claim, completed())).resolves.toBeUndefined();
});

test('a database that fails for a while does not lose a job', async () => {
  await using rig = await openSqliteRig();
  const { store, database } = rig;
  const notes = new Notes();
  const { run } = await store.runs.create(newRun());

  const work = notes.work('run', async ({ attempt }) => {
    if (attempt === 1) database.exec('ALTER TABLE turnstream_jobs RENAME TO away');
    setTimeout(() => {
      if (attempt === 1) database.exec('ALTER TABLE away RENAME TO turnstream_jobs');
    }, 100);
    return null;
  });
  await using _working = await store.runs.work({ run: work, callback: work, concurrency: 1 });

  expect(await notes.first(2)).toEqual([`run ${run.runId} 1`, `run ${run.runId} 2`]);
});

test('a job that could not be taken because the database failed is taken later', async () => {
  await using rig = await openSqliteRig();
  const { store, database } = rig;
  const { run } = await store.runs.create(newRun());
  const jobs = new SqliteJobs(async (sql, values) => database.prepare(sql.replaceAll('$', '?')).all(...values));
  database.exec("CREATE TRIGGER full BEFORE UPDATE ON turnstream_jobs BEGIN SELECT RAISE(ABORT, 'full'); END");

  const refused = jobs.take('run', []);
  await expect(refused).rejects.toThrow('full');
  database.exec('DROP TRIGGER full');

  expect(await jobs.take('run', [])).toMatchObject({ runId: run.runId, attempt: 1 });
  expect(await jobs.take('run', [])).toBeNull();
});

test('the database is in WAL, waits for other processes, and keeps what belongs together', async () => {
  await using rig = await openSqliteRig();

  const pragmas = ['journal_mode', 'busy_timeout', 'foreign_keys', 'synchronous'].map((pragma) =>
    Object.values(rig.database.prepare(`PRAGMA ${pragma}`).get() ?? {}),
  );

  expect(pragmas).toEqual([['wal'], [5_000], [1], [1]]);
});

test('a handle opened with other settings is adjusted, but keeps its own busy timeout', () => {
  const database = new DatabaseSync(':memory:', { timeout: 70, enableForeignKeyConstraints: false });

  sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) });

  expect(database.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 70 });
  expect(database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
  database.close();
});

test('tables of another version are refused', async () => {
  await using rig = await openSqliteRig();
  rig.database.exec('UPDATE turnstream_server_version SET version = 4');

  const reopened = rig.reopen();

  await expect(reopened).rejects.toMatchObject({ name: 'AgentError', code: 'config_invalid' });
  await expect(reopened).rejects.toThrow('have version 4, but this library reads version 3');
});

test('with synchronous: full, writes wait for the disk', () => {
  const database = new DatabaseSync(':memory:');
  const [history, sessions] = [new SqliteHistory(database), new SqliteSessions(database)];

  sqliteStore({ database, history, sessions, synchronous: 'full' });

  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  database.close();
});

test('ready rejects when the database does not answer', async () => {
  const { store, database } = openSqliteStore(':memory:');

  database.close();

  await expect(store.ready()).rejects.toThrow('database is not open');
});
