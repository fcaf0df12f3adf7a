import { exercise, predicted } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { threeQuestions, requestsBeforeTheLoop, messagesInSecondRequest, messagesInThirdRequest } = await load(
    'threeQuestions',
    'requestsBeforeTheLoop',
    'messagesInSecondRequest',
    'messagesInThirdRequest',
  );
  const { client, requests } = await model(
    reply('Yes, three kinds.'),
    reply(['The blue one ', 'holds ', 'a quarter of a liter.']),
    reply('The white one.'),
  );
  let before: number | null = null;

  await threeQuestions(client, () => {
    before = requests.length;
  });

  predicted(
    { requestsBeforeTheLoop, messagesInSecondRequest, messagesInThirdRequest },
    {
      requestsBeforeTheLoop: before,
      messagesInSecondRequest: requests[1]?.messages.length,
      messagesInThirdRequest: requests[2]?.messages.length,
    },
  );
});
