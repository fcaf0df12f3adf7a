// A process that is killed at any moment: what crash.test.ts does to one worker at each moment, and to one process at one.
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { backEnds } from '../back-ends.ts';
import { expectPaidOnce, losses } from './lost-approval.ts';
import { expectWholeRun, killWorker, moments } from './lost-worker.ts';

describe.each(backEnds)('$name', ({ isThere, tags, open }) => {
  test.skipIf(!isThere).each(moments)(
    'killed %s, the run is finished by the next worker, with %i model calls in all',
    { tags },
    async (moment, calls) => {
      await expectWholeRun(open, calls, (rig, model, run) => killWorker(rig, model, run, moment));
    },
  );

  test.skipIf(!isThere).each(losses)(
    'killed $moment, a worker $worker leaves a run that is $state, and what was approved has run $paid times',
    { tags },
    async (loss) => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'turnstream-till-'));
      const till = join(folder.path, 'till');
      await writeFile(till, '');

      await expectPaidOnce(open, loss, async (rig, model, run) => {
        await killWorker(rig, model, run, loss.moment, till);
        return (await readFile(till, 'utf8')).split('\n').length - 1;
      });
    },
  );
});
