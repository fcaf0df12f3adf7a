// The files of a package share one process: a timer that one of them leaves faked would never fire in the next.
import timers from 'node:timers';
import { beforeEach } from 'vitest';

const { setTimeout: real } = timers;

beforeEach(() => {
  if (globalThis.setTimeout !== real) {
    throw new Error('An earlier test left setTimeout replaced. Restore it there: spy on it or fake it, not both.');
  }
});
