import { Agent, type AgentError } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { httpError, reply, truncateAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { withFallback } = await load('withFallback');
  const first = await model(
    reply('We open at nine.'),
    httpError(503),
    reply(['We close ', 'at six.'], { fault: truncateAfter({ chunks: 1 }) }),
    httpError(401),
  );
  const second = await model(reply('Yes, until four.'));
  const agent = new Agent({ client: withFallback(first.client, second.client) });
  const session = agent.createSession();
  const ask = async (question: string): Promise<string> => {
    const answer = agent.runStreaming(question, { session }).finalResponse();
    return answer.then(
      ({ text }) => text,
      (error: AgentError) => error.code,
    );
  };

  equal('the answer of the first service', await ask('When do you open?'), 'We open at nine.');
  const whileDown = await ask('On Saturdays too?');
  expected(
    'the second service to answer while the first is down',
    whileDown === 'Yes, until four.',
    `the run ended with ${whileDown}`,
  );
  equal('the messages that the second service was sent', second.requests[0]?.texts, [
    'When do you open?',
    'We open at nine.',
    'On Saturdays too?',
  ]);
  equal('what becomes of an answer that breaks off', await ask('When do you close?'), 'stream_truncated');
  equal('what becomes of a refused key', await ask('And on Sundays?'), 'auth');
});
