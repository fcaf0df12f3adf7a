// The files of a package share one process, and in `pnpm test` those of many: a timer that one of them leaves faked would never
// fire in the next.
import timers from 'node:timers';
import { beforeEach } from 'vitest';

const { setTimeout: real } = timers;

// For the programs that tests start: in each, Node would parse its 140 root certificates, which takes 13 ms of CPU, and none
// connects to a public service. In the config it would be an option of the threads of Vitest, which Node refuses.
process.env['NODE_OPTIONS'] ??= '--use-openssl-ca';

beforeEach(() => {
  if (globalThis.setTimeout !== real) {
    throw new Error('An earlier test left setTimeout replaced. Restore it there: spy on it or fake it, not both.');
  }
});
