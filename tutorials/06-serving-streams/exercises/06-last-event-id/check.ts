import { exercise, expected, inTime } from '@turnstream/learn/check';
import { startRun, watchRun } from '@turnstream/server/client';
import { background, reply } from '@turnstream/testkit';
import { serveAgent } from '../../serve-agent.ts';
import type * as Problem from './problem.ts';

const WORDS = ['Three ', 'orders, ', 'one ', 'of ', 'them ', 'returned.'];
/** Events of each connection before it breaks. */
const BREAKS = [3, 3, 1];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { watch } = await load('watch');
  const { client } = await model(background(reply(WORDS)));
  await using served = await serveAgent(client);
  const { runId } = await startRun(served, { message: 'Report on my orders.' });
  await Array.fromAsync(watchRun({ ...served, runId }));

  let shown = '';
  let connections = 0;
  const connect = async (headers: Readonly<Record<string, string>>): Promise<Response> => {
    expected('the page to be done after four connections', connections < 20, 'it has opened 20');
    const response = await fetch(`${served.url}/runs/${runId}/events`, {
      headers: { ...headers, authorization: `Bearer ${served.token}` },
    });
    const frames = (await response.text()).split(/(?<=\n\n)/);
    const sent = BREAKS[connections] ?? frames.length;
    connections += 1;
    return new Response(frames.slice(0, sent).join(''));
  };
  await inTime(
    '`watch` to end with the run',
    watch(connect, (text) => void (shown += text)),
  );

  expected('the page to show each word once', shown === WORDS.join(''), `it showed "${shown}"`);
});
