import { exercise, predicted } from '@turnstream/learn/check';
import { answer, callTool, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask, modelCalls, orderOfLookups, orderOfResults } = await load(
    'ask',
    'modelCalls',
    'orderOfLookups',
    'orderOfResults',
  );
  const { client, requests } = await model(
    answer([callTool('look_up_order', { order: '1001' }), callTool('look_up_order', { order: '1002' })]),
    reply('Both have left the shop.'),
  );
  const done: string[] = [];

  await ask(client, (order) => done.push(order));

  const results = requests[1]?.messages.filter(({ role }) => role === 'tool').map(({ text }) => text.slice(6, 10));
  predicted(
    { modelCalls, orderOfLookups, orderOfResults },
    { modelCalls: requests.length, orderOfLookups: done, orderOfResults: results },
  );
});
