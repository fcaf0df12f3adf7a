import { exercise, predicted } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { morning, evening, byId, messagesWithJson, instructionsWithJson, messagesWithIdOnly } = await load(
    'morning',
    'evening',
    'byId',
    'messagesWithJson',
    'instructionsWithJson',
    'messagesWithIdOnly',
  );
  const { client, requests } = await model(reply('Hello Ada. Yes, three.'), reply('Ada.'), reply('I do not know.'));

  const saved = await morning(client);
  await evening(client, saved);
  await byId(client);

  const [, withJson, withIdOnly] = requests;
  predicted(
    { messagesWithJson, instructionsWithJson, messagesWithIdOnly },
    {
      messagesWithJson: withJson?.messages.length,
      instructionsWithJson: withJson?.instructions,
      messagesWithIdOnly: withIdOnly?.messages.length,
    },
  );
});
