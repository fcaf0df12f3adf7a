// A writer is killed with SIGKILL at any moment, in series long enough to hit every step of an append and of a truncate.
import { historyContract } from '@turnstream/testkit/contracts';
import { fileRig } from './file-rig.ts';
import { sqliteRig } from './sqlite-rig.ts';

for (const only of ['kill in mid-append', 'kill in mid-truncate'] as const) {
  historyContract('file', () => fileRig(300), { only, deadlineMs: 600_000 });
  historyContract('sqlite', () => sqliteRig(300), { only, deadlineMs: 600_000 });
}
