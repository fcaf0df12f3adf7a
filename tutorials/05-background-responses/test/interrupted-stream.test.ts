// A background run that is watched, left and resumed: every event once, whatever breaks in between.
import type { AgentResponseUpdate, BackgroundRun } from '@turnstream/core';
import { background, mockModel, reply, resetAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { agentAt } from './scripted-agent.ts';

const WORDS = ['Alpha ', 'beta ', 'gamma ', 'delta.'];

async function textsUntil(run: BackgroundRun, last: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of run.updates()) {
    if (text !== '') texts.push(text);
    if (text === last) break;
  }
  return texts;
}

test.each(WORDS)(
  'left after "%s" and resumed from its token, a stream repeats nothing and misses nothing',
  async (word) => {
    using model = mockModel(background(reply(WORDS)));
    const agent = agentAt(model);
    const session = agent.createSession();
    const run = await agent.runInBackground('List them.', { session, stream: true });

    const before = await textsUntil(run, word);
    const resumed = agent.resumeBackground(JSON.parse(JSON.stringify(run)), { session });
    const after = await textsUntil(resumed, 'never said');

    expect([...before, ...after]).toEqual(WORDS);
    expect(await resumed.wait()).toMatchObject({ text: WORDS.join(''), status: 'completed' });
  },
);

test('leaving a stream cancels nothing at the service: the run continues to its end', async () => {
  using model = mockModel(background(reply(WORDS), { looks: ['in_progress'] }));
  const run = await agentAt(model).runInBackground('List them.', { stream: true });

  await textsUntil(run, 'beta ');
  const answer = await run.wait();

  expect(answer).toMatchObject({ status: 'completed', text: WORDS.join('') });
  expect(model.requests.filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
});

test('the service is asked for what comes after the last event, by its number', async () => {
  using model = mockModel(background(reply(WORDS)));
  const agent = agentAt(model);
  const run = await agent.runInBackground('List them.', { stream: true });
  await textsUntil(run, 'beta ');
  const position = run.sequenceNumber;

  await textsUntil(agent.resumeBackground(run.toJSON()), 'never said');

  const streams = model.requests.filter(({ path }) => path.includes('starting_after'));
  expect(position).not.toBeNull();
  expect(streams.map(({ path }) => new URL(path, model.origin).searchParams.get('starting_after'))).toContain(
    String(position),
  );
});

test('a connection that breaks is an error, and the same call goes on after it', async () => {
  using model = mockModel(background(reply(WORDS), { streams: [resetAfter({ chunks: 2 })] }));
  const run = await agentAt(model).runInBackground('List them.', { stream: true });
  const seen: AgentResponseUpdate[] = [];
  const watch = async (): Promise<void> => {
    for await (const update of run.updates()) seen.push(update);
  };

  const broken = watch();
  await expect(broken).rejects.toMatchObject({ code: 'stream_truncated' });
  await watch();

  expect(seen.map(({ text }) => text).join('')).toBe(WORDS.join(''));
});

test('after: null gives all of it again', async () => {
  using model = mockModel(background(reply(WORDS)));
  const run = await agentAt(model).runInBackground('List them.', { stream: true });
  await textsUntil(run, 'beta ');

  let again = '';
  for await (const { text } of run.updates({ after: null })) again += text;

  expect(again).toBe(WORDS.join(''));
});
