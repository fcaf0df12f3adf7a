import { Agent } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { reply, truncateAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { answerCache } = await load('answerCache');
  const { client, requests } = await model(
    reply(['From nine ', 'to six.']),
    reply('Yes.'),
    reply(['We also ', 'repair.'], { fault: truncateAfter({ chunks: 1 }) }),
    reply('We also repair.'),
  );
  const agent = new Agent({ client, middleware: [answerCache()] });
  const ask = async (question: string, session = agent.createSession()): Promise<string> =>
    (await agent.runStreaming(question, { session }).finalResponse()).text;

  await ask('When are you open?');
  const session = agent.createSession();
  const again = await ask('When are you open?', session).catch(() => '');
  const calls = counted(requests.length, 'model call');
  expected(
    "the second customer's model call to be answered from the cache",
    requests.length === 1,
    `there were ${calls}`,
  );
  equal('the answer from the cache', again, 'From nine to six.');

  await ask('On Sundays too?', session);
  equal('the messages of the next question', requests[1]?.texts, [
    'When are you open?',
    'From nine to six.',
    'On Sundays too?',
  ]);

  await ask('Do you repair?').catch(() => '');
  const whole = await ask('Do you repair?');
  expected('an answer that broke off to be asked again', whole === 'We also repair.', `the cache gave "${whole}"`);
});
