// A process that is killed at any moment: what crash.test.ts does to one worker at each moment, and to one process at one.
import { describe, test } from 'vitest';
import { backEnds } from '../back-ends.ts';
import { expectWholeRun, killWorker, moments } from './lost-worker.ts';

describe.each(backEnds)('$name', ({ isThere, tags, open }) => {
  test.skipIf(!isThere).each(moments)(
    'killed %s, the run is finished by the next worker, with %i model calls in all',
    { tags },
    async (moment, calls) => {
      await expectWholeRun(open, calls, (rig, model, run) => killWorker(rig, model, run, moment));
    },
  );
});
