import { exercise, predicted } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { talk, storedMessages, sentMessages } = await load('talk', 'storedMessages', 'sentMessages');
  const { client, requests } = await model(reply('Yes, within 30 days.'), reply('Nothing, this week.'));

  const stored = await talk(client);

  predicted({ storedMessages }, { storedMessages: stored.length });
  predicted({ sentMessages }, { sentMessages: requests[1]?.texts.length ?? 0 });
});
