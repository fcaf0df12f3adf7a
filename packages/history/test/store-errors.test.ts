// Databases and disks that are down, closed or refuse: the error names them and a remedy, hides the address and keeps the cause.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AgentError, AgentSession, type HistoryProvider, type SessionStore } from '@turnstream/core';
import pg from 'pg';
import { createClient } from 'redis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FileHistory, FileSessions } from '../src/file.ts';
import { migrate, type PostgresClient, PostgresHistory, PostgresSessions } from '../src/postgres.ts';
import { type RedisClient, RedisHistory, RedisSessions } from '../src/redis.ts';
import { SqliteHistory, SqliteSessions } from '../src/sqlite.ts';
import { newFolder } from './folder.ts';
import { watchedDisk } from './watched-disk.ts';

const owner = 'ann';

/** The errors that the calls of the stores reject with. */
async function refusals(history: HistoryProvider, sessions: SessionStore): Promise<unknown[]> {
  const session = { sessionId: 's' };
  const calls = await Promise.allSettled([
    history.load(session),
    history.append(session, [{ role: 'user', contents: 'secret words' }], 0),
    history.truncate(session, 0, 1),
    history.clear(session),
    sessions.save(new AgentSession(session), { owner }),
    sessions.open('s', { owner }),
    sessions.list(owner),
    sessions.delete('s', { owner }),
  ]);
  return calls.map((call) => (call.status === 'rejected' ? call.reason : 'nothing'));
}

function expectEach(errors: unknown[], { code, message }: { readonly code: string; readonly message: string }): void {
  for (const error of errors) {
    expect(error).toMatchObject({ name: 'AgentError', code, message, cause: expect.any(Error) });
    expect(String(error)).not.toContain('secret');
  }
}

/** Nothing listens here. The system never assigns this port, unlike one that a test has just closed. */
const CLOSED_PORT = 1;

test('a Postgres that is down is a retryable error that says what to check', async () => {
  const pool = new pg.Pool({ connectionString: `postgres://me:secret@127.0.0.1:${CLOSED_PORT}/x` });
  onTestFinished(() => pool.end());

  const errors = await refusals(new PostgresHistory(pool), new PostgresSessions(pool));
  const migrating = migrate(pool).catch((error: unknown) => error);

  expectEach([...errors, await migrating], {
    code: 'connection_failed',
    message: 'Postgres does not answer. Check that it is running and that the client has its address, then try again.',
  });
  expect((errors[0] as AgentError).retryable).toBe(true);
});

test('a Redis that is down is a retryable error that says what to check', async () => {
  const url = `redis://me:secret@127.0.0.1:${CLOSED_PORT}`;
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect().catch(() => {});

  const errors = await refusals(new RedisHistory(client), new RedisSessions(client));

  expectEach(errors, {
    code: 'connection_failed',
    message: 'Redis does not answer. Check that it is running and that the client has its address, then try again.',
  });
  expect((errors[0] as AgentError).retryable).toBe(true);
});

test('a SQLite file that cannot be used is refused when the store is created', async () => {
  await using folder = await newFolder();
  const file = join(folder.path, 'secret.txt');
  await writeFile(file, 'This is not a database, and longer than the header of one would be: '.repeat(20));
  using text = new DatabaseSync(file);
  using unopened = new DatabaseSync(join(folder.path, 'secret.db'), { open: false });
  const made = (make: () => unknown): unknown => {
    try {
      return make();
    } catch (error) {
      return error;
    }
  };

  const [ofText, ofUnopened] = [text, unopened].map((database) => [
    made(() => new SqliteHistory(database)),
    made(() => new SqliteSessions(database)),
  ]);

  expectEach(ofText!, {
    code: 'config_invalid',
    message: 'SQLite cannot use the database: file is not a database. Check its path, permissions and content.',
  });
  expectEach(ofUnopened!, {
    code: 'config_invalid',
    message: 'The SQLite database is not open. Keep it open while the store is used.',
  });
});

test('every call fails on a SQLite database that was closed or that another process has locked', async () => {
  await using folder = await newFolder();
  const file = join(folder.path, 'history.db');
  const closed = new DatabaseSync(file);
  const ofClosed = [new SqliteHistory(closed), new SqliteSessions(closed)] as const;
  using held = new DatabaseSync(file, { timeout: 1 });
  const ofHeld = new SqliteHistory(held);
  using holder = new DatabaseSync(file);
  closed.close();
  holder.exec('BEGIN IMMEDIATE');

  const errors = await refusals(...ofClosed);
  const busy: unknown = await ofHeld.clear({ sessionId: 's' }).catch((error: unknown) => error);

  expectEach(errors, {
    code: 'config_invalid',
    message: 'The SQLite database is not open. Keep it open while the store is used.',
  });
  expectEach([busy], {
    code: 'server_error',
    message: 'SQLite failed: database is locked.',
  });
  expect(busy).toMatchObject({ serviceCode: '5', retryable: true });
});

test('every call of the file stores fails on a directory that cannot be used, and names it', async () => {
  await using folder = await newFolder();
  const file = join(folder.path, 'a-file');
  await writeFile(file, '');
  const directory = join(file, 'sessions');

  const errors = await refusals(new FileHistory(directory), new FileSessions(directory));

  expectEach(errors, {
    code: 'config_invalid',
    message: `The directory ${directory} cannot be used (ENOTDIR). Name a directory that this process may create, read and write.`,
  });
});

test.skipIf(process.platform !== 'linux')('a directory that the file system cannot hold is refused', async () => {
  const directory = '/proc/turnstream/sessions';

  const appending = new FileHistory(directory).append({ sessionId: 's' }, [{ role: 'user', contents: 'Hi' }], 0);

  await expect(appending).rejects.toMatchObject({
    code: 'config_invalid',
    message: `The directory ${directory} cannot be used (ENOENT). Name a directory that this process may create, read and write.`,
  });
});

test('a full disk is a retryable error, and nothing of the turn is stored', async () => {
  await using folder = await newFolder();
  const { fileHandles } = await watchedDisk(folder.path);
  const history = new FileHistory(folder.path);
  const cause = Object.assign(new Error('secret words'), { code: 'ENOSPC', syscall: 'write' });
  vi.spyOn(fileHandles, 'write').mockRejectedValueOnce(cause);

  const append = history.append({ sessionId: 's' }, [{ role: 'user', contents: 'secret' }], 0);

  await expect(append).rejects.toMatchObject({
    code: 'server_error',
    message: `The disk of ${folder.path} failed (ENOSPC). Nothing was acknowledged. Check the disk, then try again.`,
    retryable: true,
    serviceCode: 'ENOSPC',
    cause,
  });
  expect((await history.load({ sessionId: 's' })).turnCount).toBe(0);
});

test.each([
  ['28P01', 'config_invalid', "Postgres refused the login (28P01). Check the client's user, password and database."],
  ['3D000', 'config_invalid', "Postgres refused the login (3D000). Check the client's user, password and database."],
  ['57P01', 'connection_failed', 'Postgres does not answer. Check that it is running'],
  ['53300', 'connection_failed', 'Postgres does not answer. Check that it is running'],
  ['53100', 'server_error', 'Postgres failed (53100). For its own message, see the cause of this error.'],
  ['42501', 'server_error', 'Postgres failed (42501). For its own message, see the cause of this error.'],
])('a Postgres error %s is %s', async (state, code, message) => {
  const cause = Object.assign(new Error('secret words'), { severity: 'ERROR', code: state });
  const client: PostgresClient = { query: () => Promise.reject(cause) };

  const load = new PostgresHistory(client).load({ sessionId: 's' });

  await expect(load).rejects.toMatchObject({ code, message: expect.stringContaining(message), cause });
  await expect(load).rejects.toHaveProperty(
    'retryable',
    !['config_invalid', '42501'].some((no) => [code, state].includes(no)),
  );
});

test.each([
  ['NOAUTH Authentication required.', 'config_invalid', 'Redis refused the login (NOAUTH)', false],
  ['WRONGPASS invalid username-password pair', 'config_invalid', 'Redis refused the login (WRONGPASS)', false],
  ['NOPERM this user has no permissions', 'config_invalid', 'Redis refused the login (NOPERM)', false],
  ['CLUSTERDOWN The cluster is down', 'connection_failed', 'Redis does not answer', true],
  ['MASTERDOWN Link with MASTER is down', 'connection_failed', 'Redis does not answer', true],
  ['ERR unknown command', 'server_error', 'Redis failed (ERR).', false],
  ['connect to REDIS failed', 'connection_failed', 'Redis does not answer', true],
  ['LOADING Redis is loading the dataset in memory', 'connection_failed', 'Redis does not answer', true],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'server_error', 'Redis failed (OOM).', true],
  ['WRONGTYPE Operation against a key', 'server_error', 'Redis failed (WRONGTYPE).', false],
  ['Socket closed unexpectedly', 'connection_failed', 'Redis does not answer', true],
])('the Redis error "%s" is %s', async (said, code, message, retryable) => {
  const cause = new Error(said);
  const client: RedisClient = { eval: () => Promise.reject(cause) };

  const load = new RedisHistory(client).load({ sessionId: 's' });

  await expect(load).rejects.toMatchObject({ code, message: expect.stringContaining(message), cause });
  await expect(load).rejects.toHaveProperty('retryable', retryable);
});
