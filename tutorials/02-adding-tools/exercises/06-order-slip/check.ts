import { equal, exercise, expected } from '@turnstream/learn/check';
import { callTool, refuse, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const SLIP = { order: '1001', items: 3, gift: true };

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { slipFor } = await load('slipFor');
  const { client, requests } = await model(
    callTool('look_up_order', { order: '1001' }),
    reply(JSON.stringify(SLIP)),
    refuse('I do not write slips for gifts.'),
    reply('{"order":"1003","items":"many","gift":false}'),
  );
  const lookups: string[] = [];
  const findOrder = (order: string): string => {
    lookups.push(order);
    return `Order ${order}: 3 mugs, wrapped as a gift.`;
  };

  const slip = await slipFor(client, '1001', findOrder).catch((error: unknown) => error);

  const [first, second] = requests;
  const shape = Object.keys(first?.output?.schema['properties'] ?? {});
  expected('the request to ask for an answer of a certain shape', shape.length > 0, 'it asked for free text');
  equal('the properties of that shape', shape.toSorted(), ['gift', 'items', 'order']);
  equal(
    'the names of the tools the model is offered',
    first?.tools.map(({ name }) => name),
    ['look_up_order'],
  );
  const result = second?.messages.findLast(({ role }) => role === 'tool')?.text ?? 'nothing';
  expected('the model to read what is known of the order', result.includes('3 mugs'), `it read: ${result}`);
  equal('the orders that were looked up', lookups, ['1001']);
  equal('the slip', slip, SLIP);

  equal('the slip that the model refused to write', await slipFor(client, '1002', findOrder), null);

  const wrong = await slipFor(client, '1003', findOrder).catch(() => 'an error');
  equal('what becomes of a slip with "many" items', wrong, 'an error');
});
