// A writer is killed with SIGKILL at any moment, in series long enough to hit every step of an append and of a truncate.
import { historyContract } from '@turnstream/testkit/contracts';
import { fileRig } from './file-rig.ts';
import { sqliteRig } from './sqlite-rig.ts';

const series = [
  ['kill in mid-append', 300],
  ['kill in mid-truncate', 100],
] as const;

for (const [only, kills] of series) {
  historyContract('file', () => fileRig(kills), { only, deadlineMs: 600_000 });
  historyContract('sqlite', () => sqliteRig(kills), { only, deadlineMs: 600_000 });
}
