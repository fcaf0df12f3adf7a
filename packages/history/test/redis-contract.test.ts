import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { afterAll, describe } from 'vitest';
import { RedisSessions } from '../src/redis.ts';
import { freshName, openRedis } from './databases.ts';
import { redisRig } from './redis-rig.ts';

const server = await openRedis();
const [client, otherClient] = [await server?.connect(), await server?.connect()];

afterAll(() => server?.close());

describe.skipIf(server === null)('on Redis', { tags: ['redis'] }, () => {
  historyContract('redis', () => redisRig(server!, [client!, otherClient!], 2));

  sessionStoreContract('redis', () => {
    const prefix = freshName();
    return {
      sessions: new RedisSessions(client!, { prefix }),
      reopen: () => new RedisSessions(otherClient!, { prefix }),
      [Symbol.asyncDispose]: () => server!.forget(prefix),
    };
  });
});
