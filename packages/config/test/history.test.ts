import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AgentSession } from '@turnstream/core';
import pg from 'pg';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Env } from '../src/env.ts';
import { historyFromEnv } from '../src/history.ts';
import { optionalLibrary } from '../src/optional-library.ts';

const DATABASE_URL = process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/test';
const REDIS_URL = process.env['REDIS_URL'] || 'redis://127.0.0.1:6379';

const turn = [{ role: 'user', contents: 'Hello' }] as const;
const owner = 'ann';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnstream-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Stores in one handle what it reads in the next. */
async function expectToLast(env: Env): Promise<void> {
  const session = new AgentSession();
  let closed;
  {
    await using opened = await historyFromEnv({ env });
    await opened.history.append(session, turn, 0);
    await opened.sessions.save(session, { owner });
    closed = opened;
  }
  await using again = await historyFromEnv({ env });
  const { sessionId } = session;

  const stored = [await again.history.load(session), await again.sessions.open(sessionId, { owner }), again.backend];
  await again.history.clear(session);
  await again.sessions.delete(sessionId, { owner });

  expect(stored).toMatchObject([{ messages: turn, version: 1 }, { sessionId }, env.SESSION_BACKEND]);
  if (env.SESSION_BACKEND !== 'file') await expect(closed.history.load(session)).rejects.toThrow();
}

/** True when the server answers. With REQUIRE_DATABASES=1 one that does not is a failure. */
async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (cause) {
    if (process.env['REQUIRE_DATABASES'] === '1') throw cause;
    return false;
  }
}

test('without a setting conversations are kept in memory', async () => {
  await using opened = await historyFromEnv({ env: {} });

  await opened.history.append({ sessionId: 's' }, turn, 0);
  await opened.sessions.save(new AgentSession({ sessionId: 's' }), { owner });

  expect(opened.backend).toBe('memory');
  expect((await opened.history.load({ sessionId: 's' })).version).toBe(1);
  expect(await opened.sessions.list(owner)).toMatchObject([{ sessionId: 's' }]);
});

test.skipIf(process.platform !== 'linux')('SESSION_DIR in a file system that cannot hold it is refused', async () => {
  const open = historyFromEnv({ env: { SESSION_BACKEND: 'sqlite', SESSION_DIR: '/proc/sessions' } });

  await expect(open).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(
      /^Cannot open a SQLite database at \/proc\/sessions\/sessions\.db\. Set SESSION_DIR /,
    ),
  });
});

test('files outlive the handle', async () => {
  const directory = join(folder, 'files');

  await expectToLast({ SESSION_BACKEND: 'file', SESSION_DIR: directory });

  expect(await readdir(directory)).toContain('.claims');
});

test('a SQLite database outlives the handle, which is closed', async () => {
  await expectToLast({ SESSION_BACKEND: 'sqlite', SESSION_DIR: join(folder, 'a') });
  await expectToLast({ SESSION_BACKEND: 'sqlite', SESSION_DIR: 'unused', SQLITE_PATH: join(folder, 'b', 'c.db') });

  expect(await readdir(join(folder, 'a'))).toContain('sessions.db');
  expect(await readdir(join(folder, 'b'))).toContain('c.db');
});

const hasPostgres = await answers(async () => {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 2_000 });
  await client.connect();
  await client.end();
});

describe.skipIf(!hasPostgres)('on Postgres', { tags: ['postgres'] }, () => {
  // A database of its own: the tables may be somebody's, and they have the same names.
  const name = `turnstream_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Pool({ connectionString: DATABASE_URL });
  beforeAll(() => admin.query(`CREATE DATABASE ${name}`));
  afterAll(async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });

  test('a Postgres database gets its tables and outlives the pool, which is closed', async () => {
    const url = new URL(DATABASE_URL);
    url.pathname = `/${name}`;

    await expectToLast({ SESSION_BACKEND: 'postgres', DATABASE_URL: url.href });
  });
});

const hasRedis = await answers(async () => {
  const client = createClient({ url: REDIS_URL, socket: { connectTimeout: 2_000, reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  await client.close();
});

test.skipIf(!hasRedis)('a Redis server outlives the client, which is closed', { tags: ['redis'] }, async () => {
  await expectToLast({ SESSION_BACKEND: 'redis', REDIS_URL });
});

test.each([
  [{ SESSION_BACKEND: 'mongo' }, 'SESSION_BACKEND is "mongo"; valid values are memory, file, sqlite, postgres, redis.'],
  [{ MAF_SESSION_BACKEND: 'constructor' }, 'MAF_SESSION_BACKEND is "constructor"; valid values are memory,'],
  [
    { SESSION_BACKEND: 'postgres' },
    'SESSION_BACKEND is postgres, but DATABASE_URL (the address of the server) is missing',
  ],
  [{ SESSION_BACKEND: 'redis' }, 'SESSION_BACKEND is redis, but REDIS_URL (the address of the server) is missing'],
])('%j is refused with what to set', async (env, problem) => {
  const open = historyFromEnv({ env });

  await expect(open).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(problem) });
});

test.each([
  [{ SESSION_BACKEND: 'MEMORY', MAF_SESSION_BACKEND: 'file' }, 'memory'],
  [{ MAF_SESSION_BACKEND: 'File', MAF_SESSION_DIR: 'x' }, 'file'],
])('%j means %s', async (env, backend) => {
  await using opened = await historyFromEnv({ env });

  expect(opened.backend).toBe(backend);
});

test.each([
  ['SESSION_DIR', { SESSION_DIR: 'first', MAF_SESSION_DIR: 'second' }, 'first'],
  ['MAF_SESSION_DIR', { MAF_SESSION_DIR: 'second' }, 'second'],
  ['nothing', {}, '.sessions'],
])('files go where %s says', async (_what, env, directory) => {
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
  await using opened = await historyFromEnv({ env: { ...env, SESSION_BACKEND: 'file' } });

  await opened.history.append({ sessionId: 's' }, turn, 0);

  expect(await readdir(join(folder, directory))).toContain('id-s.jsonl');
  expect(cwd).toHaveBeenCalled();
});

test.each([
  ['postgres', { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' }, 'No Postgres answers at DATABASE_URL'],
  ['redis', { REDIS_URL: 'redis://me:secret@127.0.0.1:1' }, 'No Redis answers at REDIS_URL'],
] as const)('a %s server that does not answer is reported, without its password', async (backend, env, problem) => {
  const open = historyFromEnv({ env: { ...env, SESSION_BACKEND: backend } });

  const error: unknown = await open.catch((reason: unknown) => reason);

  expect(error).toMatchObject({ code: 'connection_failed', message: expect.stringContaining(problem) });
  expect(String(error)).not.toContain('secret');
});

test.each(['me:secret@localhost:6379', 'http://me:secret@127.0.0.1:6379', 'redis://me:secret@127.0.0.1:6379/main'])(
  'REDIS_URL=%s is refused, and its password is not in the error',
  async (url) => {
    const open = historyFromEnv({ env: { SESSION_BACKEND: 'redis', REDIS_URL: url } });

    const error: unknown = await open.catch((reason: unknown) => reason);

    expect(error).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('REDIS_URL is not a Redis address.'),
    });
    expect(inspect(error)).not.toContain('secret');
  },
);

test.each([
  ['NOAUTH HELLO must be called with the client already authenticated', 'NOAUTH'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'WRONGPASS'],
  ['ERR DB index is out of range', 'ERR DB'],
])('a Redis that answers %s is config_invalid with that code', async (answer, code) => {
  const server = createServer((socket) => void socket.on('data', () => socket.write(`-${answer}\r\n`)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  const open = historyFromEnv({ env: { SESSION_BACKEND: 'redis', REDIS_URL: `redis://127.0.0.1:${port}` } });

  await expect(open).rejects.toMatchObject({
    code: 'config_invalid',
    message: `Redis refused the connection (${code}). Check the user, the password and the database in REDIS_URL.`,
  });
  await once(server.close(), 'close');
});

test('a SQLite file that cannot be opened is reported with its path and the variable', async () => {
  const text = join(folder, 'notes.txt');
  await writeFile(text, 'Not a database. '.repeat(100));
  const paths = [text, folder, join(text, 'sessions.db')];

  const errors = await Promise.all(
    paths.map((path) =>
      historyFromEnv({ env: { SESSION_BACKEND: 'sqlite', SQLITE_PATH: path } }).catch((error: unknown) => error),
    ),
  );

  expect(errors).toEqual(
    paths.map((path) =>
      expect.objectContaining({
        code: 'config_invalid',
        message: `Cannot open a SQLite database at ${path}. Set SQLITE_PATH to a path that this process may write to and that holds no other kind of file.`,
        cause: expect.any(Error),
      }),
    ),
  );
});

test('a library that is not installed is named with the command that installs it', async () => {
  const name = 'turnstream-no-such-package';

  const missing = optionalLibrary(name, () => import(name), `Run: npm install ${name}`);
  const broken = optionalLibrary('pg', () => import(name), 'Run: npm install pg');

  await expect(missing).rejects.toMatchObject({ code: 'config_invalid', message: `Run: npm install ${name}` });
  await expect(broken).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
});
