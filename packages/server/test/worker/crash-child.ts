// A process that works on one run and dies at a named call of the store: `kill -9`, so that nothing of it is cleaned up.
import { appendFile } from 'node:fs/promises';
import { paying } from '../paying.ts';
import { openStoreAt } from '../store/address.ts';
import { dyingRuns } from './dying-runs.ts';
import { deliver } from './rig.ts';

const [address = '', baseURL = '', runId = '', moment = '', till = ''] = process.argv.slice(2);
// What is paid is noted in a file, which outlives the process.
const tools = till === '' ? [] : [paying(() => appendFile(till, 'paid\n')).pay];
const store = await openStoreAt(address);
const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
};
await deliver({ ...store, runs: dyingRuns(store.runs, moment, die) }, { baseURL }, { runId }, { with: { tools } });
