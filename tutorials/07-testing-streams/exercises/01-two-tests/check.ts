import { exercise, predicted } from '@turnstream/learn/check';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { answerTest, requestTest, answerTestPasses, requestTestPasses } = await load(
    'answerTest',
    'requestTest',
    'answerTestPasses',
    'requestTestPasses',
  );

  const facts = { answerTestPasses: await passes(answerTest), requestTestPasses: await passes(requestTest) };

  predicted({ answerTestPasses, requestTestPasses }, facts);
});

async function passes(test: () => Promise<void>): Promise<boolean> {
  return test().then(
    () => true,
    () => false,
  );
}
