import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { afterAll, describe } from 'vitest';
import { RedisHistory, RedisSessions } from '../src/redis.ts';
import { freshName, openRedis } from './databases.ts';
import { openHistoryModule } from './open-history.ts';

const server = await openRedis();
const [client, otherClient] = [await server?.connect(), await server?.connect()];

afterAll(() => server?.close());

describe.skipIf(server === null)('on Redis', { tags: ['redis'] }, () => {
  historyContract('redis', () => {
    const prefix = freshName();
    return {
      history: new RedisHistory(client!, { prefix }),
      reopen: () => new RedisHistory(otherClient!, { prefix }),
      async spoil(sessionId) {
        await client!.lSet(`${prefix}:{${sessionId}}:turns`, -1, 'spoiled');
      },
      otherProcess: { module: openHistoryModule, argument: `redis ${prefix} ${server!.url}` },
      [Symbol.asyncDispose]: () => server!.forget(prefix),
    };
  });

  sessionStoreContract('redis', () => {
    const prefix = freshName();
    return {
      sessions: new RedisSessions(client!, { prefix }),
      reopen: () => new RedisSessions(otherClient!, { prefix }),
      [Symbol.asyncDispose]: () => server!.forget(prefix),
    };
  });
});
