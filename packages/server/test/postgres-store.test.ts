import { describe } from 'vitest';
import { openPostgresRig, postgresVersion } from './postgres-rig.ts';
import { storeContract } from './store-contract.ts';

const version = await postgresVersion();

describe.skipIf(version === null)('postgres', () => {
  storeContract(`postgres (${version ?? 'none answers'})`, openPostgresRig);
});
