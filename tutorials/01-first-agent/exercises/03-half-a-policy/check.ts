import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { answerFor } = await load('answerFor');
  const { client } = await model(
    reply('You can send it back within 30 days, unless', { finishReason: 'length' }),
    reply('The glue in it', { finishReason: 'content_filter' }),
    reply('We open at nine.'),
  );

  const atItsLimit = await answerFor(client, 'Can I return my mug?');
  const filtered = await answerFor(client, 'What is in the glue?');
  const whole = await answerFor(client, 'When do you open?');

  const but = `the customer read half an answer: ${JSON.stringify(atItsLimit)}`;
  expected('null for an answer that was cut at its length limit', atItsLimit === null, but);
  equal('what `answerFor` makes of an answer that a filter cut short', filtered, null);
  equal('the whole answer', whole, 'We open at nine.');
});
