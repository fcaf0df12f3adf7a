import { setTimeout } from 'node:timers/promises';
import { Agent } from '@turnstream/core';
import { equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { background, reply, responseFailed, TestClock } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const WORDS = ['Lofoten ', 'is ', 'lighter, ', 'Sahara ', 'is ', 'larger.'];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { compare } = await load('compare');
  const clock = new TestClock();
  const { client, requests, baseURL } = await model(background(reply(WORDS, { chunkDelayMs: 60_000 }), { clock }));
  const customer = new AbortController();

  const comparing = compare(new Agent({ client }), customer.signal);
  await inTime('the run to be polled', untilPolled());
  customer.abort(new Error('Never mind.'));
  const given = await inTime('`compare` to end when the customer gives up', comparing);
  clock.advance(3_600_000);

  const response = await fetch(`${baseURL}/responses/resp_1`);
  const { status } = (await response.json()) as { status: string };
  const but = `the service went on, and its response is ${status}: ${WORDS.length} words written for nobody`;
  expected('the service to stop with the customer', status === 'cancelled', but);
  equal('what `compare` resolves with after "Never mind"', given, null);

  const calm = await model(background(reply(WORDS), { looks: ['done'] }));
  const text = await compare(new Agent({ client: calm.client }), new AbortController().signal);
  equal('the comparison when nobody gives up', text, WORDS.join(''));
  const broken = await model(background(reply(WORDS, { fault: responseFailed({ chunks: 1 }) }), { looks: ['done'] }));
  const failing = compare(new Agent({ client: broken.client }), new AbortController().signal);
  const hasFailed = await failing.then(
    () => false,
    () => true,
  );
  expected('a run that failed to be an error', hasFailed, '`compare` resolved');

  async function untilPolled(): Promise<void> {
    while (!requests.some(({ method }) => method === 'GET')) await setTimeout(2);
  }
});
