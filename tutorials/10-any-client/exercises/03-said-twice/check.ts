import { equal, exercise } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import OpenAI from 'openai';
import { openShop } from '../../shop.ts';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { Conversation } = await load('Conversation');
  const { client, requests } = await model(reply('It left Rome.'), reply('Tomorrow.'), reply('Yes.'));
  await using shop = await openShop(client);
  const talk = new Conversation(new OpenAI({ baseURL: `${shop.url}/v1`, apiKey: shop.token, maxRetries: 0 }));

  await talk.ask('Where is order A7?');
  await talk.ask('When does it arrive?');
  await talk.ask('Sure?');

  const all = ['Where is order A7?', 'It left Rome.', 'When does it arrive?', 'Tomorrow.', 'Sure?'];
  equal('what the model was sent for the second question', requests[1]?.texts, all.slice(0, 3));
  equal('what the model was sent for the third question', requests[2]?.texts, all);
});
