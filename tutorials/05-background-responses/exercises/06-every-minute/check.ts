import { Agent, AgentSession } from '@turnstream/core';
import { equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { background, httpError, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const REPORT = 'Three orders, one of them returned.';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { start, everyMinute } = await load('start', 'everyMinute');
  const { client, requests } = await model(
    background(reply(REPORT), { looks: ['queued', httpError(503), 'in_progress', 'done'] }),
    reply('You are welcome.'),
  );
  const disk = { text: '' };
  await start(new Agent({ client }), new Agent({ client }).createSession(), disk);

  const minutes: (string | null)[] = [];
  for (const minute of [1, 2, 3, 4]) {
    const polls = requests.length;
    const job = everyMinute(new Agent({ client }), disk);
    minutes.push(await inTime(`minute ${minute} to end`, job));
    equal(`the requests of minute ${minute}`, requests.length - polls, 1);
  }

  equal('the four minutes (queued, a failed poll, in progress, completed)', minutes, [null, null, null, REPORT]);
  const { session } = JSON.parse(disk.text) as { session: unknown };
  const next = AgentSession.fromJSON(session);
  await new Agent({ client }).run('Thank you.', { session: next });
  const texts = requests.at(-1)?.texts ?? [];
  const carried = `the next request carried ${JSON.stringify(texts)}`;
  expected('the session on disk to know the report', texts.includes(REPORT), carried);
  equal('the conversation after the report', texts, ['Report on my orders.', REPORT, 'Thank you.']);

  const refusing = await model(background(reply(REPORT), { looks: ['expired'] }));
  await start(new Agent({ client: refusing.client }), new Agent({ client: refusing.client }).createSession(), disk);
  const lost = everyMinute(new Agent({ client: refusing.client }), disk);
  const code = await lost.then(
    () => null,
    (error: { code?: string }) => error.code ?? null,
  );
  const but = code === null ? '`everyMinute` resolved as if it were still going on' : `it was ${code}`;
  expected('the error `background_expired` when the service no longer has the run', code === 'background_expired', but);
});
