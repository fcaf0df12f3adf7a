import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask, INSTRUCTIONS } = await load('ask', 'INSTRUCTIONS');
  const { client, requests } = await model(reply('Paris.'));

  const answer = await ask(client, 'What is the capital of France?');

  const [request] = requests;
  const isInQuestion = request?.texts.join().includes(INSTRUCTIONS) === true;
  expected('the instructions to be sent as instructions', !isInQuestion, 'they were in the question');
  equal('the instructions that were sent', request?.instructions, INSTRUCTIONS);
  equal('the messages that were sent', request?.texts, ['What is the capital of France?']);
  equal('the answer of `ask`', answer, 'Paris.');
});
