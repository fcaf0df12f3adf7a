// The databases that a server can be on, for tests that hold for each of them.

import type { StoreRig } from './store/fixtures.ts';
import { openPostgresRig, postgresVersion } from './store/postgres-rig.ts';
import { openSqliteRig } from './store/sqlite-rig.ts';

export interface BackEnd {
  readonly name: string;
  readonly isThere: boolean;
  /** What it needs, for tests that are skipped without it. */
  readonly tags: string[];
  readonly open: () => Promise<Required<StoreRig>>;
}

export const hasPostgres: boolean = (await postgresVersion()) !== null;

export const backEnds: readonly BackEnd[] = [
  { name: 'SQLite', isThere: true, tags: [], open: openSqliteRig },
  { name: 'Postgres', isThere: hasPostgres, tags: ['postgres'], open: openPostgresRig },
];
