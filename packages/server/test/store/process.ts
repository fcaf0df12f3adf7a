// A process that takes jobs of a store, says which, and never ends them. Argument: the address of the store.
import { writeSync } from 'node:fs';
import { openStoreAt } from './address.ts';

const [address = ''] = process.argv.slice(2);
const { runs } = await openStoreAt(address);
const work = async ({ runId, attempt }: { readonly runId: string; readonly attempt: number }): Promise<null> => {
  await runs.claim(runId);
  writeSync(1, `run ${runId} ${attempt}\n`);
  return new Promise(() => {});
};
await runs.work({ run: work, callback: work, concurrency: 1 });
// A promise that never settles keeps no process alive.
setInterval(() => {}, 60_000);
