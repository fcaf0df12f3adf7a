// From the environment to a history and the session records beside it. What is opened for them is closed by `await using`.
import { AgentError } from '@turnstream/core';
import { type Env, type EnvName, readEnv } from './env.ts';
import { type OpenHistory, openFile, openMemory, openPostgres, openRedis, openSqlite } from './history-backends.ts';

/** Where `historyFromEnv` keeps conversations: the value of `SESSION_BACKEND`. */
export type SessionBackend = 'memory' | 'file' | 'sqlite' | 'postgres' | 'redis';

/** Options of `historyFromEnv`. */
export interface HistoryOptions {
  /** The variables to use; `readEnv()` by default. */
  readonly env?: Env | undefined;
}

/** Where conversations are stored: turns in `history`, all other session data in `sessions`. */
export interface ConfiguredHistory extends OpenHistory {
  readonly backend: SessionBackend;
}

const OPENERS: Readonly<Record<SessionBackend, (env: Env) => Promise<OpenHistory>>> = {
  memory: openMemory,
  file: openFile,
  sqlite: openSqlite,
  postgres: openPostgres,
  redis: openRedis,
};

/**
 * Opens the history that `SESSION_BACKEND` selects (`.env.example` lists the variables), by default in memory. Rejects
 * with `config_invalid` for an unknown one, a missing or malformed address, a library that is not installed, a file that
 * is not a database or a login that is refused, and with `connection_failed` when the server does not answer.
 */
export async function historyFromEnv(options: HistoryOptions = {}): Promise<ConfiguredHistory> {
  const env = options.env ?? readEnv();
  const backend = backendIn(env);
  const open = await OPENERS[backend](env);
  return { ...open, backend };
}

function backendIn(env: Env): SessionBackend {
  const name: EnvName = env.SESSION_BACKEND === undefined ? 'MAF_SESSION_BACKEND' : 'SESSION_BACKEND';
  const value = env[name] ?? 'memory';
  const backend = value.toLowerCase();
  if (isBackend(backend)) return backend;
  const valid = Object.keys(OPENERS).join(', ');
  throw new AgentError('config_invalid', `${name} is ${JSON.stringify(value)}; valid values are ${valid}.`);
}

function isBackend(value: string): value is SessionBackend {
  return Object.hasOwn(OPENERS, value);
}
