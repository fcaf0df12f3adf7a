import { Agent } from '@turnstream/core';
import { equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { background, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const LIST = 'Order 17, order 23 and order 42.';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { orderList } = await load('orderList');
  const { client, requests } = await model(background(reply(LIST), { looks: ['in_progress'] }));
  const server = new AbortController();
  const saved: string[] = [];
  // A slow disk: a save that is not awaited is not done yet.
  const save = async (token: string): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (!server.signal.aborted) saved.push(token);
  };

  const listing = orderList(new Agent({ client }), { save, signal: server.signal }).catch(() => null);
  await inTime('the run to be polled', untilPolled());
  server.abort(new Error('The server is going down.'));
  await inTime('`orderList` to end with the server', listing);

  const token = saved.at(-1);
  expected('the token to be on disk when the server went down', token !== undefined, 'nothing was saved by then');
  const resumed = await new Agent({ client }).resumeBackground(JSON.parse(token)).wait();
  equal('the list that the next process gets', resumed.text, LIST);

  const { client: calm } = await model(background(reply(LIST), { looks: ['done'] }));
  const text = await orderList(new Agent({ client: calm }), { save, signal: new AbortController().signal });
  equal('the list when nothing goes wrong', text, LIST);

  async function untilPolled(): Promise<void> {
    while (!requests.some(({ method }) => method === 'GET')) await new Promise((resolve) => setTimeout(resolve, 2));
  }
});
