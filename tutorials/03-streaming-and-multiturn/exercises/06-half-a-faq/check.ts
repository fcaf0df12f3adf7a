import { Agent } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply, truncateAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const CHUNKS = ['You can send it back', ' within', ' 30 days.'];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { answer } = await load('answer');
  const { client } = await model(reply(CHUNKS, { fault: truncateAfter({ chunks: 2 }) }), reply(CHUNKS));
  const agent = new Agent({ client });
  const known = new Map<string, string>();
  const ask = async (): Promise<{ text: string; error: unknown }> => {
    const written: string[] = [];
    const error = await answer(agent, 'Can I return it?', known, (text) => written.push(text)).catch(
      (reason: unknown) => reason,
    );
    return { text: written.join(''), error };
  };

  const first = await ask();
  const second = await ask();
  const third = await ask();

  const isWhole = second.text === CHUNKS.join('');
  expected('the next customer to get a whole answer', isWhole, `they read: ${JSON.stringify(second.text)}`);
  equal('what the customer of the broken answer saw', first.text, 'You can send it back within');
  const rejects = first.error instanceof Error;
  expected('`answer` to reject when the stream broke', rejects, 'it resolved as if all were well');
  equal('what the third customer read', third.text, CHUNKS.join(''));
});
