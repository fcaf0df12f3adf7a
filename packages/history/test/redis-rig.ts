// A Redis history for the contract suites, under a prefix of its own.
import type { HistoryRig } from '@turnstream/testkit/contracts';
import { RedisHistory } from '../src/redis.ts';
import { freshName, type RedisServer, type TestRedis } from './databases.ts';
import { openHistoryModule } from './open-history.ts';

/** Reopened on the second client, as in another process. */
export type RedisClients = readonly [client: TestRedis, other: TestRedis];

export function redisRig(server: RedisServer, [client, otherClient]: RedisClients, kills: number): HistoryRig {
  const prefix = freshName();
  return {
    history: new RedisHistory(client, { prefix }),
    reopen: () => new RedisHistory(otherClient, { prefix }),
    async spoil(sessionId) {
      await client.lSet(`${prefix}:{${sessionId}}:turns`, -1, 'spoiled');
    },
    otherProcess: { module: openHistoryModule, argument: `redis ${prefix} ${server.url}`, kills },
    [Symbol.asyncDispose]: () => server.forget(prefix),
  };
}
