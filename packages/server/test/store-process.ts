// A process that takes jobs of a store, says which, and never ends them. Argument: `sqlite <file>` or `postgres <schema>`.
import { writeSync } from 'node:fs';
import type { ServerStore } from '../src/store/run-store.ts';

async function openStore(kind: string, name: string): Promise<ServerStore> {
  if (kind === 'sqlite') {
    const { openSqliteStore } = await import('./sqlite-rig.ts');
    return openSqliteStore(name).store;
  }
  const { openPostgresStore } = await import('./postgres-rig.ts');
  return (await openPostgresStore(name)).store;
}

const [kind = '', name = ''] = (process.argv[2] ?? '').split(' ');
const { runs } = await openStore(kind, name);
const work = async ({ runId, attempt }: { readonly runId: string; readonly attempt: number }): Promise<null> => {
  await runs.claim(runId);
  writeSync(1, `run ${runId} ${attempt}\n`);
  return new Promise(() => {});
};
await runs.work({ run: work, callback: work, concurrency: 1 });
// A promise that never settles keeps no process alive.
setInterval(() => {}, 60_000);
