import { Agent } from '@turnstream/core';
import { equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { reply, stallAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const WORDS = ['We ', 'open ', 'at ', 'nine.'];
const LIMIT_MS = 300;

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { answer } = await load('answer');

  for (const chunks of [2, 0]) {
    const { client, requests } = await model(reply(WORDS, { fault: stallAfter({ chunks }) }));
    const asking = answer(new Agent({ client }), 'When do you open?', LIMIT_MS).then(
      (text) => `"${text}"`,
      () => null,
    );
    const what = `\`answer\` to give up a model that falls silent after ${chunks} words`;
    const given = await inTime(what, asking);
    expected('`answer` to reject when the time is over', given === null, `it returned ${given}`);
    await inTime('the connection of the model to be closed', requests[0]?.closed ?? Promise.resolve(), 500);
  }

  const dripping = await model(reply(WORDS, { chunkDelayMs: 200 }));
  const late = await answer(new Agent({ client: dripping.client }), 'When do you open?', LIMIT_MS).catch(() => null);
  expected('a slow answer to be given up', late === null, `it was returned after its time: "${late}"`);
  const quick = await model(reply(WORDS));
  const text = await answer(new Agent({ client: quick.client }), 'When do you open?', 5_000);
  equal('an answer in time', text, WORDS.join(''));
});
