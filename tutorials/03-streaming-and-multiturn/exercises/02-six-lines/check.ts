import { Agent } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const CHUNKS = ['We open', ' at', ' ni', 'ne', ' on', ' week', 'days', '.'];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { stream } = await load('stream');
  const { client, requests } = await model(reply(CHUNKS, { chunkDelayMs: 5 }));
  const writes: string[] = [];
  let sentAtFirstWord: number | null = null;

  await stream(new Agent({ client }), 'When do you open?', (text) => {
    sentAtFirstWord ??= text === '' ? null : (requests[0]?.chunksSent ?? 0);
    writes.push(text);
  });

  const isStreamed = requests[0]?.body['stream'] === true;
  expected(
    'the first words to arrive while the model is still writing',
    isStreamed,
    'the whole answer was requested at once',
  );
  const isEarly = sentAtFirstWord !== null && sentAtFirstWord < CHUNKS.length;
  const pieces = counted(CHUNKS.length, 'piece');
  expected(
    'the first words to arrive while the model is still writing',
    isEarly,
    `they came after all ${pieces} of the answer`,
  );
  equal('what was written', writes.join(''), 'We open at nine on weekdays.\n');
});
