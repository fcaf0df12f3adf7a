import { Agent } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { show } = await load('show');
  const { client, requests } = await model(
    reply(['We open', ' at nine.'], { firstChunkDelayMs: 20, chunkDelayMs: 5 }),
    reply(''),
  );
  const agent = new Agent({ client });
  const happened: string[] = [];
  let wordsAtHiding: number | null = null;

  await show(agent, 'When do you open?', {
    hideDots: () => {
      wordsAtHiding = requests[0]?.chunksSent ?? 0;
      happened.push('dots hidden');
    },
    append: (text) => happened.push(text),
  });

  const isLate = wordsAtHiding !== null && wordsAtHiding > 0;
  expected('the dots to vanish when the first word arrives', isLate, 'they vanished before the model had written any');
  const times = counted(happened.filter((what) => what === 'dots hidden').length, 'time');
  expected('the dots to be hidden once', times === '1 time', `they were hidden ${times}`);
  equal('what comes before the first word', happened[0], 'dots hidden');
  equal('the words on the page', happened.slice(1).join(''), 'We open at nine.');

  let hidden = 0;
  await show(agent, 'Say nothing.', { hideDots: () => (hidden += 1), append: () => {} });
  equal('how often an answer without text hides the dots', hidden, 1);
});
