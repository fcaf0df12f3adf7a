import { Agent } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { customerMemory } = await load('customerMemory');
  const { client, requests } = await model(reply('Noted.'), reply('Hi.'), reply('39.'), reply('Hi.'), reply('?'));
  const agent = new Agent({ client, middleware: [customerMemory()] });
  const ask = async (customer: string, question: string): Promise<void> => {
    const session = agent.createSession();
    session.state['customer'] = customer;
    await agent.run(question, { session });
  };

  await ask('17', 'My shoe size is 39.');
  await ask('18', 'Hello!');
  const ben = requests[1]?.texts ?? [];
  expected("Ben's request to carry nothing of Ann's", ben.length === 1, `it carried "${ben[0]}"`);

  await ask('17', 'What is my size?');
  equal("the messages of Ann's next conversation", requests[2]?.texts, ['My shoe size is 39.', 'What is my size?']);

  await agent.run('My name is Eve.');
  await agent.run('Who am I?');
  equal('the messages of a run without a session', requests[4]?.texts, ['Who am I?']);
});
