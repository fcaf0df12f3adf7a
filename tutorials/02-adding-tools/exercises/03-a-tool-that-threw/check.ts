import { equal, exercise, expected } from '@turnstream/learn/check';
import { callTool, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const REASON = 'orders-db-3.internal refused the connection';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask } = await load('ask');
  const { client, requests } = await model(
    callTool('look_up_order', { order: '1001' }),
    reply('I could not find out about your order.'),
  );
  const log: string[] = [];
  const findOrder = (): string => {
    throw new Error(REASON);
  };

  const answer = await ask(client, 'Where is order 1001?', findOrder, (line) => log.push(line));

  const result = requests[1]?.messages.find(({ role }) => role === 'tool')?.text ?? '';
  expected('the model not to read the name of a server', !result.includes('orders-db-3'), `it read "${result}"`);
  const isNamed = log.some((line) => line.includes(REASON));
  expected(
    'the log to name what the tool threw',
    isNamed,
    log.length === 0 ? 'it is empty' : `it held: ${log.join(' / ')}`,
  );
  const saysWhich = log.some((line) => line.includes('look_up_order'));
  expected('the log to name the tool', saysWhich, `it held: ${log.join(' / ')}`);
  equal('the answer', answer, 'I could not find out about your order.');
});
