import { Agent } from '@turnstream/core';
import { exercise, expected, inTime } from '@turnstream/learn/check';
import { background, reply, resetAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const WORDS = ['Your order ', 'left our ', 'store ', 'this morning.'];
const ANSWER = WORDS.join('');

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { watch, resume } = await load('watch', 'resume');

  for (const chunks of [2, 1, 3]) {
    const { client } = await model(background(reply(WORDS), { streams: [resetAfter({ chunks })] }));
    const agent = new Agent({ client });
    let shown = '';
    let token: string | null = null;
    const page = {
      show: (text: string): void => void (shown += text),
      save: (saved: string): void => void (token = saved),
    };

    const run = await agent.runInBackground('Where is my order?', { stream: true });
    await inTime(
      '`watch` to end when the connection breaks',
      watch(run, page).catch(() => {}),
    );
    expected('a token to be saved when the connection broke', token !== null, 'nothing was saved');
    await inTime('`resume` to end with the run', resume(agent, token, page));

    const but = `it showed "${shown}"`;
    expected(`a page that breaks off after ${chunks} pieces to show each word once`, shown === ANSWER, but);
  }
});
