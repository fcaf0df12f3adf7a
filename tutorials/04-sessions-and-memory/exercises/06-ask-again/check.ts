import { Agent, AgentSession, textOf } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const FIRST = ['Do you have mugs?', 'Yes, three.'] as const;
const QUESTION = 'Which is the nicest?';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { askAgain } = await load('askAgain');
  const { client, requests } = await model(reply(FIRST[1]), reply('It depends.'), reply('The blue one.'));
  const agent = new Agent({ client });
  const session = agent.createSession();
  await agent.run(FIRST[0], { session });
  await agent.run(QUESTION, { session });

  const { answer, saved } = await askAgain(client, JSON.stringify(session));

  const sent = requests[2]?.texts ?? [];
  const isAsked = sent.at(-1) === QUESTION;
  expected('the model to be asked the last question again', isAsked, `it was asked ${JSON.stringify(sent.at(-1))}`);
  expected('the old answer to be gone', !sent.includes('It depends.'), 'the request carried it');
  equal('the messages of the request', sent, [...FIRST, QUESTION]);
  equal('the answer', answer, 'The blue one.');
  const turns = await agent.transcript(AgentSession.fromJSON(JSON.parse(saved)));
  equal('the saved conversation', turns.flat().map(textOf), [...FIRST, QUESTION, 'The blue one.']);
});
