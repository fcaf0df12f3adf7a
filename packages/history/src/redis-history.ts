// A history in Redis: one list per conversation, one element per turn, changed by scripts that compare the version first.
import { AgentError, type HistoryProvider, type LoadedHistory, type Message } from '@turnstream/core';
import {
  checkLastTurns,
  historyConflict,
  type LoadOptions,
  loadedHistory,
  removesTurns,
  type SessionKey,
} from '@turnstream/core/seams';
import { decodeTurns, encodeMessages, RECORD_START } from './record.ts';
import { keysFor, type RedisClient, type RedisOptions, runScript } from './redis-keys.ts';
import { storedId } from './stored-id.ts';

/** Options of `RedisHistory`. */
export interface RedisHistoryOptions extends RedisOptions {
  /** A conversation expires this long after its last turn. By default, never. */
  readonly ttlMs?: number | undefined;
}

// The second key is how far the version is ahead of the number of turns. Only conversations that were truncated have it.
// It expires with the list.
const COUNT = `
  local turns = redis.call('LLEN', KEYS[1])
  local ahead = tonumber(redis.call('GET', KEYS[2]) or '0')`;

const LOAD = `${COUNT} return {turns, ahead, redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])}`;

const APPEND = `${COUNT}
  if turns + ahead ~= tonumber(ARGV[1]) then return 0 end
  redis.call('RPUSH', KEYS[1], ARGV[2] .. (turns + 1) .. ARGV[3])
  if ARGV[4] ~= '' then
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    redis.call('PEXPIRE', KEYS[2], ARGV[4])
  elseif turns == 0 then
    redis.call('PERSIST', KEYS[2])
  end
  return 1`;

const TRUNCATE = `${COUNT}
  local kept = tonumber(ARGV[2])
  if turns + ahead ~= tonumber(ARGV[1]) or turns <= kept then return 0 end
  local left = redis.call('PTTL', KEYS[1])
  redis.call('LTRIM', KEYS[1], kept > 0 and 0 or 1, kept > 0 and kept - 1 or 0)
  redis.call('SET', KEYS[2], turns + ahead + 1 - kept)
  if left > 0 then redis.call('PEXPIRE', KEYS[2], left) end
  return 1`;

const CLEAR = `return redis.call('UNLINK', KEYS[1], KEYS[2])`;

/** Stores conversations in Redis. Whether a turn survives a crash of the server depends on its `appendfsync`. */
export class RedisHistory implements HistoryProvider {
  readonly #client: RedisClient;
  readonly #keysOf: (name: string) => string[];
  readonly #ttlMs: string;

  constructor(client: RedisClient, options: RedisHistoryOptions = {}) {
    const { ttlMs } = options;
    if (ttlMs !== undefined && (!Number.isSafeInteger(ttlMs) || ttlMs < 1))
      throw new AgentError(
        'config_invalid',
        `ttlMs is ${ttlMs}; it must be a whole number of milliseconds, at least 1.`,
      );
    this.#client = client;
    const [turnsOf, aheadOf] = [keysFor('turns', options), keysFor('ahead', options)];
    this.#keysOf = (name) => [turnsOf(name), aheadOf(name)];
    this.#ttlMs = ttlMs === undefined ? '' : String(ttlMs);
  }

  async load({ sessionId }: SessionKey, { lastTurns }: LoadOptions = {}): Promise<LoadedHistory> {
    checkLastTurns(lastTurns);
    const reply = await this.#eval(LOAD, sessionId, rangeOf(lastTurns));
    const [turnCount, ahead, records] = reply as [number, number, string[]];
    return loadedHistory(decodeTurns(records, { sessionId, turnCount, lastTurns }), {
      turnCount,
      version: turnCount + ahead,
    });
  }

  async append({ sessionId }: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const values = [String(version), RECORD_START, encodeMessages(turn), this.#ttlMs];
    const added = await this.#eval(APPEND, sessionId, values);
    if (added !== 1) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async truncate(session: SessionKey, turnCount: number, version: number): Promise<{ version: number }> {
    const { sessionId } = session;
    const stored = await this.load(session, { lastTurns: 0 });
    if (!removesTurns(session, { turnCount, version }, stored)) return { version };
    const removed = await this.#eval(TRUNCATE, sessionId, [String(version), String(turnCount)]);
    if (removed !== 1) throw historyConflict(sessionId, null, version);
    return { version: version + 1 };
  }

  async clear({ sessionId }: SessionKey): Promise<void> {
    await this.#eval(CLEAR, sessionId, []);
  }

  #eval(script: string, sessionId: string, values: string[]): Promise<unknown> {
    return runScript(this.#client, script, this.#keysOf(storedId(sessionId, 'key')), values);
  }
}

/** From and to, as LRANGE counts: from the end with a minus. One before zero is an empty range. */
function rangeOf(lastTurns: number | undefined): [string, string] {
  if (lastTurns === undefined) return ['0', '-1'];
  return lastTurns === 0 ? ['1', '0'] : [`-${lastTurns}`, '-1'];
}
