// What a database said when it could not be asked, as the errors of the stores. What the driver threw is the `cause`; the
// messages quote none of it, because an address can hold a password and a statement a conversation.
import { AgentError } from '@turnstream/core';

/** The error of a Postgres client. `schema` is the quoted name. */
export function postgresError(cause: unknown, schema: string): AgentError {
  const state = sqlState(cause);
  if (state === null || /^(?:08|57P|53300)/.test(state)) return unreachable('Postgres', cause);
  if (state === '42P01')
    return unusable(`There are no tables in schema ${schema}. Run migrate() before the first use.`, cause);
  if (state === '42703')
    return unusable(
      `The tables in schema ${schema} are older than this library. Run migrate() before the first use.`,
      cause,
    );
  if (/^(?:28|3D)/.test(state)) return refusedLogin('Postgres', state, cause);
  // Of a conflict of transactions, of resources, of locks.
  return failed('Postgres', { code: state, cause, retryable: /^(?:40|53|55)/.test(state) });
}

/** The error of a Redis client. */
export function redisError(cause: unknown): AgentError {
  // What the server says begins with a word of its own; what the client says does not.
  const code = cause instanceof Error ? (/^([A-Z]{2,}) /.exec(cause.message)?.[1] ?? null) : null;
  if (code === null || code === 'LOADING' || code === 'CLUSTERDOWN' || code === 'MASTERDOWN')
    return unreachable('Redis', cause);
  if (code === 'NOAUTH' || code === 'WRONGPASS' || code === 'NOPERM') return refusedLogin('Redis', code, cause);
  return failed('Redis', { code, cause, retryable: code !== 'ERR' && code !== 'WRONGTYPE' });
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
/** Read-only, not to be opened, and not a database. */
const SQLITE_UNUSABLE: ReadonlySet<number> = new Set([8, 14, 26]);

/** Does what SQLite is asked to do. */
export function inSqlite<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw sqliteError(cause);
  }
}

function sqliteError(cause: unknown): AgentError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_INVALID_STATE')
    return unusable('The SQLite database is not open. Keep it open while the store is used.', cause);
  const { errcode, errstr } = { errcode: 0, errstr: 'unknown', ...(cause as { errcode?: number; errstr?: string }) };
  // The lower byte is the kind of failure, the rest says more about it. The text is the library's own for the code.
  const code = errcode & 0xff;
  if (SQLITE_UNUSABLE.has(code))
    return unusable(`SQLite cannot use the database: ${errstr}. Check its path, its rights and what is in it.`, cause);
  const retryable = code === SQLITE_BUSY || code === SQLITE_LOCKED;
  return new AgentError('server_error', `SQLite failed: ${errstr}.`, { cause, retryable, serviceCode: String(code) });
}

function sqlState(cause: unknown): string | null {
  // Errors of the socket have a code too, but no severity.
  if (!(cause instanceof Error && 'severity' in cause && 'code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}

function unreachable(database: string, cause: unknown): AgentError {
  const remedy = 'Check that it is running and that the client has its address, then try again.';
  return new AgentError('connection_failed', `${database} does not answer. ${remedy}`, { cause });
}

function refusedLogin(database: string, code: string, cause: unknown): AgentError {
  return unusable(`${database} refused the login (${code}). Check the client's user, password and database.`, cause);
}

function unusable(message: string, cause: unknown): AgentError {
  return new AgentError('config_invalid', message, { cause });
}

function failed(
  database: string,
  { code, ...options }: { readonly code: string; readonly cause: unknown; readonly retryable: boolean },
): AgentError {
  const message = `${database} failed (${code}). Its own message is in the cause of this error.`;
  return new AgentError('server_error', message, { ...options, serviceCode: code });
}
