import { equal, exercise, expected } from '@turnstream/learn/check';
import { callTool, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask } = await load('ask');
  const { client, requests } = await model(callTool('list_stock', {}), reply('Yes, three of them.'));
  const stock = new Map([
    ['mug', 3],
    ['plate', 12],
  ]);

  const answer = await ask(client, 'Do you have mugs?', stock);

  const result = requests[1]?.messages.find(({ role }) => role === 'tool')?.text ?? 'nothing';
  const says = (item: string, count: number): boolean => result.includes(item) && result.includes(String(count));
  expected('the model to read that there are 3 mugs', says('mug', 3), `it read: ${result}`);
  expected('the model to read that there are 12 plates', says('plate', 12), `it read: ${result}`);
  equal('the answer', answer, 'Yes, three of them.');
});
