import { setTimeout } from 'node:timers/promises';
import { exercise } from '@turnstream/learn/check';
import { expectToFind } from '../run-test.ts';
import type * as Problem from './problem.ts';

type Status = 'in the queue' | 'being written' | 'ready';

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { test } = await load('test');

  await expectToFind<Problem.StatusLine>(
    test,
    async (run) => {
      // As on a busy machine, where a test that relies on fast steps fails.
      await setTimeout(100);
      return lineOf(await run.poll());
    },
    {
      'never polls': async (run) => lineOf(run.status),
      'takes what is being written for ready': async (run) => {
        const line = lineOf(await run.poll());
        return line === 'being written' ? 'ready' : line;
      },
    },
    1_000,
  );
});

function lineOf(status: string): Status {
  if (status === 'queued') return 'in the queue';
  return status === 'in_progress' ? 'being written' : 'ready';
}
