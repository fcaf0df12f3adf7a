// Session records in Redis: a hash for each session, which Redis expires itself, and an index of ids for each owner.
import { type SessionRow, type SessionRows, StoredSessions } from '@turnstream/core/seams';
import { keysFor, type RedisClient, type RedisOptions, runScript } from './redis-keys.ts';
import { storedId } from './stored-id.ts';

const READ = `
  local row = redis.call('HMGET', KEYS[1], 'owner', 'record')
  return row[1] == ARGV[1] and row[2]`;

const WRITE = `
  local row = redis.call('HMGET', KEYS[1], 'owner', 'version')
  if ARGV[2] == '1' then
    if row[1] then return 0 end
  elseif row[1] ~= ARGV[1] or tonumber(row[2]) ~= tonumber(ARGV[2]) - 1 then
    return 0
  end
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'version', ARGV[2], 'record', ARGV[3])
  if ARGV[4] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIREAT', KEYS[1], ARGV[4]) end
  return 1`;

const REMOVE = `
  if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])`;

const INDEX = `return redis.call('ZADD', KEYS[1], 0, ARGV[1])`;
const DROP = `return redis.call('ZREM', KEYS[1], ARGV[1])`;
const PAGE = `return redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], '+', 'LIMIT', 0, ARGV[2])`;

/** Stores session records in Redis. They expire by the server's clock. */
export class RedisSessions extends StoredSessions {
  constructor(client: RedisClient, options: RedisOptions = {}) {
    super(new RedisSessionRows(client, options));
  }
}

// The record and the index of its owner may be on two machines of a cluster, so the record alone is the truth: the index
// is written after it, and what it names in vain is dropped when a listing comes upon it.
class RedisSessionRows implements SessionRows {
  readonly #client: RedisClient;
  readonly #rowOf: (name: string) => string;
  readonly #indexOf: (name: string) => string;

  constructor(client: RedisClient, options: RedisOptions) {
    this.#client = client;
    this.#rowOf = keysFor('session', options);
    this.#indexOf = keysFor('sessions', options);
  }

  async read(sessionId: string, owner: string): Promise<string | null> {
    return this.#read(storedId(sessionId, 'key'), storedId(owner, 'key'));
  }

  async write({ sessionId, owner, version, expiresAtMs, record }: SessionRow): Promise<boolean> {
    const [name, ownerName] = [storedId(sessionId, 'key'), storedId(owner, 'key')];
    const expiry = expiresAtMs === null ? '' : String(expiresAtMs);
    const written = await this.#eval(WRITE, this.#rowOf(name), [ownerName, String(version), record, expiry]);
    if (written !== 1) return false;
    await this.#eval(INDEX, this.#indexOf(ownerName), [name]);
    return true;
  }

  async list(
    owner: string,
    { after, limit }: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly string[]> {
    const ownerName = storedId(owner, 'key');
    const records: string[] = [];
    let from = after === null ? '-' : `(${storedId(after, 'key')}`;
    while (records.length < limit) {
      const names = (await this.#eval(PAGE, this.#indexOf(ownerName), [
        from,
        String(limit - records.length),
      ])) as string[];
      const found = await Promise.all(names.map((name) => this.#readOrDrop(name, ownerName)));
      records.push(...found.filter((record) => record !== null));
      const last = names.at(-1);
      if (last === undefined) break;
      from = `(${last}`;
    }
    return records;
  }

  async remove(sessionId: string, owner: string): Promise<boolean> {
    const [name, ownerName] = [storedId(sessionId, 'key'), storedId(owner, 'key')];
    const removed = await this.#eval(REMOVE, this.#rowOf(name), [ownerName]);
    if (removed === 1) await this.#drop(name, ownerName);
    return removed === 1;
  }

  async #readOrDrop(name: string, ownerName: string): Promise<string | null> {
    return (await this.#read(name, ownerName)) ?? (await this.#drop(name, ownerName));
  }

  /** Removes the name from the index. A session saved under it meanwhile stays there, and its record is returned. */
  async #drop(name: string, ownerName: string): Promise<string | null> {
    await this.#eval(DROP, this.#indexOf(ownerName), [name]);
    const record = await this.#read(name, ownerName);
    if (record !== null) await this.#eval(INDEX, this.#indexOf(ownerName), [name]);
    return record;
  }

  async #read(name: string, ownerName: string): Promise<string | null> {
    return (await this.#eval(READ, this.#rowOf(name), [ownerName])) as string | null;
  }

  #eval(script: string, key: string, values: string[]): Promise<unknown> {
    return runScript(this.#client, script, [key], values);
  }
}
