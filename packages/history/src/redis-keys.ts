// The keys in Redis, and the scripts that run on them. The id of the conversation is in braces, a hash tag, so that a
// cluster keeps its keys in one slot.
import { AgentError } from '@turnstream/core';
import { redisError } from './database-error.ts';

/** What is used of a client. A client, cluster, pool or sentinel of node-redis is one. */
export interface RedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** Options of the stores in Redis. */
export interface RedisOptions {
  /** What all keys begin with; `turnstream` when left out. */
  readonly prefix?: string | undefined;
}

/** Names the keys of one kind, from what `storedId` made of an id. Throws `config_invalid` for a prefix with braces, which would choose the slot. */
export function keysFor(kind: string, { prefix = 'turnstream' }: RedisOptions): (name: string) => string {
  if (!/^[^{}]+$/.test(prefix)) {
    throw new AgentError(
      'config_invalid',
      `prefix is ${JSON.stringify(prefix)}; it must have at least one character, and no { or }.`,
    );
  }
  return (name) => `${prefix}:{${name}}:${kind}`;
}

/** Runs a script on keys that share a slot. */
export async function runScript(
  client: RedisClient,
  script: string,
  keys: string[],
  values: string[],
): Promise<unknown> {
  try {
    return await client.eval(script, { keys, arguments: values });
  } catch (cause) {
    throw redisError(cause);
  }
}
