import { exercise, predicted } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { askBoth, messagesInSecondRequest, instructionsSentAgain } = await load(
    'askBoth',
    'messagesInSecondRequest',
    'instructionsSentAgain',
  );
  const { client, requests } = await model(reply('Paris.'), reply('Where?'));

  await askBoth(client);

  const second = requests[1];
  predicted(
    { messagesInSecondRequest, instructionsSentAgain },
    { messagesInSecondRequest: second?.messages.length, instructionsSentAgain: second?.instructions !== null },
  );
});
