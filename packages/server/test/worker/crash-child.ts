// A process that works on one run and dies at a named call of the store: `kill -9`, so that nothing of it is cleaned up.
import type { Claim } from '../../src/store/run-store.ts';
import { openStoreAt } from '../store/address.ts';
import { deliver } from './rig.ts';

const [address = '', baseURL = '', runId = '', moment = ''] = process.argv.slice(2);
const [when, name, count = '1'] = moment.split(' ');
const store = await openStoreAt(address);
let calls = 0;
const runs = new Proxy(store.runs, {
  get(target, member) {
    const value: unknown = Reflect.get(target, member, target);
    if (typeof value !== 'function') return value;
    return async (...all: readonly [Claim]) => {
      const dies = member === name && ++calls === Number(count);
      if (dies && when === 'before') process.kill(process.pid, 'SIGKILL');
      const result: unknown = await value.apply(target, all);
      if (dies) process.kill(process.pid, 'SIGKILL');
      return result;
    };
  },
});
await deliver({ ...store, runs }, { baseURL }, { runId });
