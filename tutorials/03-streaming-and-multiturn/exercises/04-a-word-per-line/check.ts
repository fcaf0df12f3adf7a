import { Agent } from '@turnstream/core';
import { counted, equal, exercise, expected, printed } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { print } = await load('print');
  const { client } = await model(reply(['We op', 'en at', ' ni', 'ne.'], { chunkDelayMs: 2 }));

  const { text, writes } = await printed(() => print(new Agent({ client }), 'When do you open?'));

  equal('the printed answer', text, 'We open at nine.\n');
  const pieces = writes.filter((write) => write.trim() !== '').length;
  expected(
    'the paper to move while the model writes',
    pieces > 1,
    `all came in ${counted(pieces, 'piece')} at the end`,
  );
});
