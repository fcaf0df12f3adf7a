import { MemoryHistory } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const TURNS = [
  ['My order is 1001.', 'Thank you.'],
  ['Do you have mugs?', 'Yes, three.'],
  ['Which is the largest?', 'The white one.'],
  ['And the cheapest?', 'The blue one.'],
  ['Can I add one?', 'Yes.'],
] as const;

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { shortMemory } = await load('shortMemory');
  const { client, requests } = await model(...TURNS.map(([, answer]) => reply(answer)), reply('Order 1001.'));
  const provider = new MemoryHistory();
  const agent = shortMemory(client, provider);
  const session = agent.createSession();

  for (const [question] of TURNS) await agent.run(question, { session });
  await agent.run('To which order?', { session });

  const sent = requests[5]?.texts ?? [];
  const isShort = sent.length === 7;
  const but = `it carried ${counted(sent.length, 'message')}, the question included`;
  expected('the request after five turns to carry three of them', isShort, but);
  equal('the messages of that request', sent, [TURNS[0], TURNS[3], TURNS[4], 'To which order?'].flat());
  for (const [count, [question]] of TURNS.slice(0, 4).entries()) {
    const whole = [...TURNS.slice(0, count).flat(), question];
    equal(`the messages of the request after ${counted(count, 'turn')}`, requests[count]?.texts, whole);
  }
  equal('the number of turns in the store', (await provider.load(session)).turnCount, 6);
});
