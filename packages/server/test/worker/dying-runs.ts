// The runs as a worker sees them that dies at one of its calls.
import type { RunStore } from '../../src/store/run-store.ts';

/** `moment` is such as `before record` or `after record 3`, its third call. `die` kills the process or never settles. */
export function dyingRuns(runs: RunStore, moment: string, die: () => Promise<never>): RunStore {
  const [when, name, count = '1'] = moment.split(' ');
  let calls = 0;
  return new Proxy(runs, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function') return value;
      return async (...all: readonly unknown[]) => {
        const isLast = member === name && ++calls === Number(count);
        if (isLast && when === 'before') await die();
        const result: unknown = await value.apply(target, all);
        if (isLast) await die();
        return result;
      };
    },
  });
}
