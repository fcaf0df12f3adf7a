// A writer is killed with SIGKILL at any moment, in series long enough to hit every step of an append.
import { historyContract } from '@turnstream/testkit/contracts';
import { fileRig } from './file-rig.ts';
import { sqliteRig } from './sqlite-rig.ts';

const series = { only: 'kill in mid-append', deadlineMs: 600_000 } as const;

historyContract('file', () => fileRig(300), series);
historyContract('sqlite', () => sqliteRig(300), series);
