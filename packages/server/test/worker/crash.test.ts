// A worker that is lost at any moment loses nothing, and costs a second model call at one moment only.
import { describe, expect, test } from 'vitest';
import { backEnds } from '../back-ends.ts';
import { dyingRuns } from './dying-runs.ts';
import { expectPaidOnce, losses } from './lost-approval.ts';
import { expectWholeRun, killWorker, moments } from './lost-worker.ts';
import { deliver } from './rig.ts';

describe.each(backEnds)('$name', ({ isThere, tags, open }) => {
  test.skipIf(!isThere).each(moments)(
    'frozen %s, the run is finished by the next worker, with %i model calls in all',
    { tags },
    async (moment, calls) => {
      const frozen = Promise.withResolvers<void>();
      const wake = Promise.withResolvers<never>();
      let working: Promise<unknown> | undefined;

      await expectWholeRun(open, calls, async ({ store }, model, run) => {
        const runs = dyingRuns(store.runs, moment, () => {
          frozen.resolve();
          return wake.promise;
        });
        working = deliver({ ...store, runs }, model, run);
        await frozen.promise;
      });

      wake.reject(new Error('gone'));
      await expect(working).rejects.toThrow('gone');
    },
  );

  test.skipIf(!isThere).each(losses)(
    'frozen $moment, a worker $worker leaves a run that is $state, and what was approved has run $paid times',
    { tags },
    async (loss) => {
      const frozen = Promise.withResolvers<void>();
      const wake = Promise.withResolvers<never>();
      let working: Promise<unknown> | undefined;

      await expectPaidOnce(open, loss, async ({ store }, model, run, { pay }) => {
        const runs = dyingRuns(store.runs, loss.moment, () => {
          frozen.resolve();
          return wake.promise;
        });
        working = deliver({ ...store, runs }, model, run, { with: { tools: [pay] } });
        await frozen.promise;
        return 0;
      });

      wake.reject(new Error('gone'));
      await expect(working).rejects.toThrow('gone');
    },
  );

  // Every moment of these is in crash.long.ts: each costs a process.
  test.skipIf(!isThere).each([['before record', 2]] as const)(
    'killed %s, the run is finished by the next worker, with %i model calls in all',
    { tags },
    async (moment, calls) => {
      await expectWholeRun(open, calls, (rig, model, run) => killWorker(rig, model, run, moment));
    },
  );
});
