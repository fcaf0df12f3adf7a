// Turns the failures of a database into the errors of the stores. What the driver threw becomes the `cause`; the messages
// quote none of it, because an address can hold a password and a statement can hold a conversation.
import { AgentError } from '@turnstream/core';

/** The store's error for what a Postgres client threw. `schema` is the quoted name. */
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
  // Conflicting transactions, exhausted resources, locks.
  return failed('Postgres', { code: state, cause, retryable: /^(?:40|53|55)/.test(state) });
}

/** The store's error for what a Redis client threw. */
export function redisError(cause: unknown): AgentError {
  // Errors of the server begin with an upper-case code; errors of the client do not.
  const code = cause instanceof Error ? (/^([A-Z]{2,}) /.exec(cause.message)?.[1] ?? null) : null;
  if (code === null || code === 'LOADING' || code === 'CLUSTERDOWN' || code === 'MASTERDOWN')
    return unreachable('Redis', cause);
  if (code === 'NOAUTH' || code === 'WRONGPASS' || code === 'NOPERM') return refusedLogin('Redis', code, cause);
  return failed('Redis', { code, cause, retryable: code !== 'ERR' && code !== 'WRONGTYPE' });
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
/** Read-only, cannot be opened, and not a database. */
const SQLITE_UNUSABLE: ReadonlySet<number> = new Set([8, 14, 26]);

/** Runs a SQLite call and throws its failure as an error of the store. */
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
  // The low byte is the primary result code. `errstr` is SQLite's fixed text for the code, so it is safe to quote.
  const code = errcode & 0xff;
  if (SQLITE_UNUSABLE.has(code))
    return unusable(`SQLite cannot use the database: ${errstr}. Check its path, permissions and content.`, cause);
  const retryable = code === SQLITE_BUSY || code === SQLITE_LOCKED;
  return new AgentError('server_error', `SQLite failed: ${errstr}.`, { cause, retryable, serviceCode: String(code) });
}

function sqlState(cause: unknown): string | null {
  // Socket errors have a code too, but no severity.
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
  const message = `${database} failed (${code}). For its own message, see the cause of this error.`;
  return new AgentError('server_error', message, { ...options, serviceCode: code });
}
