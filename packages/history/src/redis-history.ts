// A history in Redis: one list a conversation, one element a turn, added by a script that compares the length first.
import { AgentError, type HistoryProvider, type Message } from '@turnstream/core';
import { checkLastTurns, historyConflict, type SessionKey } from '@turnstream/core/seams';
import { decodeTurns, encodeTurn } from './record.ts';
import { keysFor, type RedisClient, type RedisOptions } from './redis-keys.ts';
import { storedId } from './stored-id.ts';

export interface RedisHistoryOptions extends RedisOptions {
  /** A conversation to which nothing was added for this long is forgotten. Left out, never. */
  readonly ttlMs?: number;
}

const LOAD = `return {redis.call('LLEN', KEYS[1]), redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])}`;

const APPEND = `
  if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return 0 end
  redis.call('RPUSH', KEYS[1], ARGV[2])
  if ARGV[3] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
  return 1`;

const CLEAR = `return redis.call('UNLINK', KEYS[1])`;

/** Keeps conversations in Redis. How long a turn survives a crash of the server is the server's `appendfsync`. */
export class RedisHistory implements HistoryProvider {
  readonly #client: RedisClient;
  readonly #keyOf: (name: string) => string;
  readonly #ttlMs: string;

  constructor(client: RedisClient, options: RedisHistoryOptions = {}) {
    const { ttlMs } = options;
    if (ttlMs !== undefined && (!Number.isSafeInteger(ttlMs) || ttlMs < 1))
      throw new AgentError(
        'config_invalid',
        `ttlMs is ${ttlMs}; it must be a whole number of milliseconds, at least 1.`,
      );
    this.#client = client;
    this.#keyOf = keysFor('turns', options);
    this.#ttlMs = ttlMs === undefined ? '' : String(ttlMs);
  }

  async load(
    { sessionId }: SessionKey,
    { lastTurns }: { readonly lastTurns?: number } = {},
  ): Promise<{ messages: readonly Message[]; version: number }> {
    checkLastTurns(lastTurns);
    const reply = await this.#eval(LOAD, sessionId, rangeOf(lastTurns));
    const [version, records] = reply as [number, string[]];
    return { messages: decodeTurns(records, { sessionId, version, lastTurns }), version };
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const record = encodeTurn(turn, version + 1);
    const added = await this.#eval(APPEND, sessionId, [String(version), record, this.#ttlMs]);
    if (added !== 1) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    await this.#eval(CLEAR, sessionId, []);
  }

  #eval(script: string, sessionId: string, values: string[]): Promise<unknown> {
    return this.#client.eval(script, { keys: [this.#keyOf(storedId(sessionId, 'key'))], arguments: values });
  }
}

/** From and to, as LRANGE counts: from the end with a minus. One before zero is an empty range. */
function rangeOf(lastTurns: number | undefined): [string, string] {
  if (lastTurns === undefined) return ['0', '-1'];
  return lastTurns === 0 ? ['1', '0'] : [`-${lastTurns}`, '-1'];
}
