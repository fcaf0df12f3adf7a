// What takes longer than a lease, which is ten seconds on Postgres: the least that pg-boss allows.
import { describe } from 'vitest';
import { testsOfKilledProcesses, testsOfLongJobs } from './contract-of-leases.ts';
import { openPostgresRig, postgresVersion } from './postgres-rig.ts';

const version = await postgresVersion();

describe.skipIf(version === null).concurrent('leases on Postgres', { tags: ['postgres'] }, () => {
  testsOfKilledProcesses(openPostgresRig);
  testsOfLongJobs(openPostgresRig);
});
