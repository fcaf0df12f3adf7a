// Tests that take longer than a lease, which is ten seconds on Postgres: the minimum of pg-boss.
import { describe } from 'vitest';
import { testsOfKilledProcesses, testsOfLongJobs } from './contract-of-leases.ts';
import { openPostgresRig, postgresVersion } from './postgres-rig.ts';

const version = await postgresVersion();

describe.skipIf(version === null).concurrent('leases on Postgres', { tags: ['postgres'] }, () => {
  testsOfKilledProcesses(openPostgresRig);
  testsOfLongJobs(openPostgresRig);
});
