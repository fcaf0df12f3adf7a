// Ids of sessions have up to 128 characters, and other ids are made of them. All of them are found in paths.
import { reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';

test('a session with the longest id is found, and a response and a conversation of such a session', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.')] });
  const [longest, session] = ['s'.repeat(128), 'c'.repeat(123)];
  for (const sessionId of [longest, session])
    await rig.store.runs.createSession({ owner: 'local', maxSessions: 9, sessionId });
  const asking = { model: 'agent', input: 'Hi', conversation: `conv_${session}` };
  const { id } = (await (await rig.post('/v1/responses', asking)).json()) as unknown as { id: string };
  const paths = [`/sessions/${longest}`, `/v1/conversations/conv_${session}`, `/v1/responses/${id}`];

  const found = await Promise.all(paths.map(async (path) => (await rig.get(path)).status));
  const tooLong = await rig.get(`/v1/responses/${'x'.repeat(301)}`);

  expect(found).toEqual([200, 200, 200]);
  expect(tooLong.status).toBe(414);
});
