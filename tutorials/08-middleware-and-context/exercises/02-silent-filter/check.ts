import { Agent } from '@turnstream/core';
import { equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { reply, stallAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { withoutCompetitor } = await load('withoutCompetitor');
  const { client } = await model(
    reply(['We are ', 'cheaper ', 'than all.'], { fault: stallAfter({ chunks: 2 }) }),
    reply(['Not Mug', 'World', ', and not Mugs.']),
  );
  const agent = new Agent({ client, middleware: [withoutCompetitor] });

  const slow = agent.runStreaming('Are you cheap?');
  const words: string[] = [];
  const reading = (async (): Promise<string> => {
    for await (const word of slow.textStream) {
      words.push(word);
      if (words.join('') === 'We are cheaper ') return 'arrived';
    }
    return 'ended';
  })();
  const arrived = await Promise.race([reading, new Promise<string>((resolve) => setTimeout(resolve, 500, 'silent'))]);
  await slow.cancel();
  expected(
    'the words to arrive while the model is still writing',
    arrived === 'arrived',
    'nothing arrived until the end',
  );

  const cut: string[] = [];
  await inTime(
    'the second answer',
    (async () => {
      for await (const word of agent.runStreaming('Who else?').textStream) cut.push(word);
    })(),
  );
  equal('the second answer', cut.join(''), 'Not another shop, and not Mugs.');
});
