import { Agent } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const FIRST = ['Do you have the blue mug?', 'Yes, for 12 euros.'];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { chat } = await load('chat');
  const { client, requests } = await model(
    reply('Yes, for 12 euros.'),
    reply('Two blue mugs, 24 euros.'),
    reply('Hello.'),
  );
  const agent = new Agent({ client });
  const written: string[] = [];

  await chat(agent, ['Do you have the blue mug?', 'Then two of it, please.'], (text) => written.push(text));
  await chat(agent, ['Good morning.'], () => {});

  const [, second, other] = requests.map(({ texts }) => texts);
  const but = `it carried ${counted(second?.length ?? 0, 'message')}: ${JSON.stringify(second)}`;
  expected('the second request to carry the first turn', second?.length === 3, but);
  equal('the messages of the second request', second, [...FIRST, 'Then two of it, please.']);
  equal('the messages of the next customer', other, ['Good morning.']);
  equal('what was written', written.join(''), 'Yes, for 12 euros.\nTwo blue mugs, 24 euros.\n');
});
