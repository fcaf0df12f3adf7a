// A writer is killed with SIGKILL at any moment, in series long enough to hit every step of an append and of a truncate.
// A database server is not killed with it, only its connection breaks: a shorter series will do.
import { historyContract } from '@turnstream/testkit/contracts';
import { afterAll, describe } from 'vitest';
import { openPostgres, openRedis } from './databases.ts';
import { fileRig } from './file-rig.ts';
import { postgresRig } from './postgres-rig.ts';
import { redisRig } from './redis-rig.ts';
import { sqliteRig } from './sqlite-rig.ts';

const series = [
  ['kill in mid-append', 300],
  ['kill in mid-truncate', 100],
] as const;

const deadlineMs = 600_000;

for (const [only, kills] of series) {
  historyContract('file', () => fileRig(kills), { only, deadlineMs });
  historyContract('sqlite', () => sqliteRig(kills), { only, deadlineMs });
}

const [postgres, redis] = [await openPostgres(), await openRedis()];
const pools = [postgres.connect(), postgres.connect()] as const;
const clients = [await redis?.connect(), await redis?.connect()] as const;

afterAll(() => Promise.all([postgres.close(), redis?.close()]));

for (const [only] of series) {
  describe.skipIf(postgres.url === null)('on Postgres', { tags: ['postgres'] }, () => {
    historyContract('postgres', () => postgresRig(postgres, pools, 20), { only, deadlineMs });
  });
  describe.skipIf(redis === null)('on Redis', { tags: ['redis'] }, () => {
    historyContract('redis', () => redisRig(redis!, [clients[0]!, clients[1]!], 20), { only, deadlineMs });
  });
}
