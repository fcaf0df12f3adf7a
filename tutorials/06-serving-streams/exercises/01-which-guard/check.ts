import { exercise, predicted } from '@turnstream/learn/check';
import { reply, type Step, stallAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const TWO = ['At ', 'nine.'];
const SIXTY = Array.from({ length: 60 }, () => 'word ');

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { endOf, ...predictions } = await load('endOf', 'silentModel', 'stuckModel', 'drippingModel', 'slowReader');
  const ended = async (step: Step, readingMs = 0): Promise<string> => endOf((await model(step)).client, readingMs);
  const { silentModel, stuckModel, drippingModel, slowReader } = predictions;

  const ends = await Promise.all([
    ended(reply(TWO, { fault: stallAfter({ chunks: 0 }) })),
    ended(reply([...TWO, 'never'], { fault: stallAfter({ chunks: 2 }) })),
    ended(reply(SIXTY, { chunkDelayMs: 50 })),
    ended(reply(TWO), 400),
  ]);

  predicted(
    { silentModel, stuckModel, drippingModel, slowReader },
    { silentModel: ends[0], stuckModel: ends[1], drippingModel: ends[2], slowReader: ends[3] },
  );
});
