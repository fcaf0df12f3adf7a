import { equal, exercise } from '@turnstream/learn/check';
import { callTool, reply } from '@turnstream/testkit';
import OpenAI from 'openai';
import { openShop } from '../../shop.ts';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask } = await load('ask');
  const { client, requests } = await model(
    callTool('take_photo', {}, { callId: 'call_1' }),
    callTool('find_order', { number: 'A7' }, { callId: 'call_2' }),
    callTool('take_photo', {}, { callId: 'call_3' }),
    reply('It is the wrong parcel.'),
  );
  await using shop = await openShop(client);
  const openai = new OpenAI({ baseURL: `${shop.url}/v1`, apiKey: shop.token, maxRetries: 0 });
  const photos = ['a dented box', 'a label: B2'];

  const answer = await ask(openai, 'Is this my order?', () => photos.shift() ?? 'nothing');

  equal('the answer of `ask`', answer, 'It is the wrong parcel.');
  const results = (requests.at(-1)?.messages ?? []).filter(({ role }) => role === 'tool').map(({ text }) => text);
  equal('the results that the model got', results, ['a dented box', 'Order A7 left Rome on Monday.', 'a label: B2']);
});
