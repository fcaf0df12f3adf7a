// How each back end is opened and closed. Libraries and stores are loaded when they are asked for, never before.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AgentError, type HistoryProvider, MemoryHistory, MemorySessions, type SessionStore } from '@turnstream/core';
import type { Env, EnvName } from './env.ts';
import { optionalLibrary } from './optional-library.ts';

/** A history with its handles open. */
export interface OpenHistory extends AsyncDisposable {
  readonly history: HistoryProvider;
  readonly sessions: SessionStore;
}

const CONNECT_TIMEOUT_MS = 5_000;

export async function openMemory(): Promise<OpenHistory> {
  return { history: new MemoryHistory(), sessions: new MemorySessions(), [Symbol.asyncDispose]: async () => {} };
}

export async function openFile(env: Env): Promise<OpenHistory> {
  const { FileHistory, FileSessions } = await import('@turnstream/history/file');
  const directory = sessionDirectory(env);
  return {
    history: new FileHistory(directory),
    sessions: new FileSessions(directory),
    [Symbol.asyncDispose]: async () => {},
  };
}

export async function openSqlite(env: Env): Promise<OpenHistory> {
  const { DatabaseSync } = await import('node:sqlite');
  const { SqliteHistory, SqliteSessions } = await import('@turnstream/history/sqlite');
  const path = env.SQLITE_PATH ?? join(sessionDirectory(env), 'sessions.db');
  try {
    await makeFolder(dirname(path));
    using opened = new DisposableStack();
    const database = opened.use(new DatabaseSync(path));
    const stores = { history: new SqliteHistory(database), sessions: new SqliteSessions(database) };
    const kept = opened.move();
    return { ...stores, [Symbol.asyncDispose]: async () => kept.dispose() };
  } catch (cause) {
    const name = env.SQLITE_PATH === undefined ? 'SESSION_DIR' : 'SQLITE_PATH';
    const remedy = `Set ${name} to a path that this process may write to and that holds no other kind of file.`;
    throw new AgentError('config_invalid', `Cannot open a SQLite database at ${path}. ${remedy}`, { cause });
  }
}

/** Makes the parents too. `mkdir` with `recursive` never returns for a folder in `/proc` (seen with Node 26.10). */
async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  if (existsSync(path) || parent === path) return;
  await makeFolder(parent);
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    // Another process may have made it first.
    if (!existsSync(path)) throw error;
  });
}

export async function openPostgres(env: Env): Promise<OpenHistory> {
  const connectionString = required(env, 'DATABASE_URL', 'postgres');
  const { default: pg } = await optionalLibrary('pg', () => import('pg'), driverAdvice('postgres', 'pg'));
  const { migrate, PostgresHistory, PostgresSessions } = await import('@turnstream/history/postgres');
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks while nobody uses it would end the process. The next query gets a new one.
  pool.on('error', () => {});
  try {
    await migrate(pool);
  } catch (cause) {
    await pool.end();
    if (cause instanceof AgentError && cause.code !== 'connection_failed') throw cause;
    throw noAnswer('DATABASE_URL', 'Postgres', cause);
  }
  return {
    history: new PostgresHistory(pool),
    sessions: new PostgresSessions(pool),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

export async function openRedis(env: Env): Promise<OpenHistory> {
  const url = required(env, 'REDIS_URL', 'redis');
  const { createClient } = await optionalLibrary('redis', () => import('redis'), driverAdvice('redis', 'redis'));
  const { RedisHistory, RedisSessions } = await import('@turnstream/history/redis');
  let wasConnected = false;
  // The library would retry endlessly and never report a wrong address.
  const reconnectStrategy = (retries: number): number | false => wasConnected && Math.min(50 * 2 ** retries, 2_000);
  const client = explainingBadUrl(() =>
    createClient({ url, socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy } }),
  );
  // Without a listener a broken connection ends the process. The commands under way reject with the reason.
  client.on('error', () => {});
  try {
    await client.connect();
    wasConnected = true;
  } catch (cause) {
    throw redisRefusal(cause) ?? noAnswer('REDIS_URL', 'Redis', cause);
  }
  return {
    history: new RedisHistory(client),
    sessions: new RedisSessions(client),
    // A graceful close waits for the connection to come back.
    [Symbol.asyncDispose]: async () => (client.isReady ? client.close() : client.destroy()),
  };
}

/** The error has no cause: the library's own error quotes the address, which can hold a password. */
function explainingBadUrl<Client>(make: () => Client): Client {
  try {
    return make();
  } catch {
    const wanted = 'It must begin with redis:// or rediss://, and its path can only be the number of a database.';
    throw new AgentError('config_invalid', `REDIS_URL is not a Redis address. ${wanted}`);
  }
}

/** Null if Redis did not refuse: it gave no answer, or is not ready yet. */
function redisRefusal(cause: unknown): AgentError | null {
  const said =
    cause instanceof Error ? /^(?:NOAUTH|WRONGPASS|NOPERM|ERR (?:AUTH|DB|invalid))/.exec(cause.message) : null;
  if (said === null) return null;
  const remedy = 'Check the user, the password and the database in REDIS_URL.';
  return new AgentError('config_invalid', `Redis refused the connection (${said[0]}). ${remedy}`, { cause });
}

function driverAdvice(backend: string, name: string): string {
  return `SESSION_BACKEND is ${backend}, which needs the package ${name}. Run: npm install ${name} (or pnpm add ${name}).`;
}

function sessionDirectory(env: Env): string {
  return env.SESSION_DIR ?? env.MAF_SESSION_DIR ?? '.sessions';
}

function required(env: Env, name: EnvName, backend: string): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new AgentError(
    'config_invalid',
    `SESSION_BACKEND is ${backend}, but ${name} (the address of the server) is missing.`,
  );
}

/** The message names the variable only: an address can hold a password. */
function noAnswer(name: EnvName, server: string, cause: unknown): AgentError {
  return new AgentError(
    'connection_failed',
    `No ${server} answers at ${name}. Is it running, and is the address right?`,
    {
      cause,
    },
  );
}
